using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>A session with what names it in the store.</summary>
/// <param name="Id">The row.</param>
/// <param name="RepositoryKey">The key of its repository.</param>
/// <param name="Session">What people see.</param>
internal sealed record SessionRow(long Id, string RepositoryKey, ClaudeTaskSession Session);
