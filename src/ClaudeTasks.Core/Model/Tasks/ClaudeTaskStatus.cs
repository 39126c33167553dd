namespace ClaudeTasks.Model;

/// <summary>Where a task is in its life. <see cref="StatusMoves"/> knows which move may follow which.</summary>
public enum ClaudeTaskStatus
{
    /// <summary>In the queue: nothing has been run yet.</summary>
    Pending,

    /// <summary>The checks before anything is spent are running.</summary>
    PreFlight,

    /// <summary>The agent works on the prompt.</summary>
    Running,

    /// <summary>The agent ended well and left changes; its gates have not begun.</summary>
    WaitingQa,

    /// <summary>Gates are checking the result.</summary>
    QaRunning,

    /// <summary>A required gate did not pass.</summary>
    QaFailed,

    /// <summary>The result waits for a person's decision.</summary>
    WaitingApproval,

    /// <summary>Approved; the commit is being made.</summary>
    Approved,

    /// <summary>Done: committed, or nothing had to change.</summary>
    Completed,

    /// <summary>A person turned the result down and its changes were put back.</summary>
    Rejected,

    /// <summary>The task did not do its work; <see cref="ClaudeTask.Reason"/> says why.</summary>
    Failed,

    /// <summary>Stopped on request.</summary>
    Cancelled,
}
