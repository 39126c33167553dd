namespace ClaudeTasks.Model;

/// <summary>What is new of a task that somebody observes.</summary>
/// <param name="Task">The task at the moment at which the events were read.</param>
/// <param name="Events">What was recorded since the update before, in order; empty once everything is told.</param>
/// <param name="Blocker">The task that a person must decide, or resume, before this queued one can go on.</param>
public sealed record ClaudeTaskUpdate(ClaudeTask Task, IReadOnlyList<ClaudeTaskEvent> Events, ClaudeTask? Blocker)
{
    /// <summary>Whether all that was recorded until the task came to be as <see cref="Task"/> says has been told.</summary>
    public bool IsCaughtUp => Events.Count == 0;

    /// <summary>Whether the task was removed. <see cref="Task"/> is the task as it was last told, and no further update follows.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>
    /// Whether the machine has nothing more to do for the task: it has settled, is queued behind a task that a person must decide, or was
    /// removed.
    /// </summary>
    public bool IsAtRest => IsRemoved || Task.IsSettled || Blocker is not null;
}
