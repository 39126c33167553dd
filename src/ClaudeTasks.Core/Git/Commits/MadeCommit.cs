namespace ClaudeTasks.Git;

/// <summary>A commit that was made, with the user's hooks.</summary>
/// <param name="Commit">The commit of the task's work.</param>
/// <param name="Tip">The last commit that a hook made on top of it; the commit itself where no hook made one.</param>
internal readonly record struct MadeCommit(string Commit, string Tip);
