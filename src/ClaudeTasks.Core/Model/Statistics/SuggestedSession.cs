namespace ClaudeTasks.Model;

/// <summary>As much of a session as tells a person which one it is.</summary>
/// <param name="Name">The name.</param>
/// <param name="Repository">The repository it is in.</param>
/// <param name="Newest">The beginning of its newest task's prompt; null while it has none.</param>
/// <param name="Moment">When that task was submitted, or the session made, UTC.</param>
public sealed record SuggestedSession(string Name, string Repository, string? Newest, DateTime Moment);
