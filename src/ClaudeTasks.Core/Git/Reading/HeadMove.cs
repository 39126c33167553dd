namespace ClaudeTasks.Git;

/// <summary>One move of HEAD from a commit to another.</summary>
/// <param name="From">The commit before; null where there was none.</param>
/// <param name="To">The commit after.</param>
/// <param name="IsTasks">Whether the task's own agent made it.</param>
internal readonly record struct HeadMove(string? From, string To, bool IsTasks);
