namespace ClaudeTasks.Model;

/// <summary>The kind of thing that a task waits for.</summary>
public enum ClaudeTaskWaitKind
{
    /// <summary>Another task: it has the repository, comes first there, or is one on which this task depends.</summary>
    Task,

    /// <summary>A person's answer to a question of Claude's.</summary>
    Answer,

    /// <summary>A person who resumes the task.</summary>
    Resume,

    /// <summary>A moment before which it must not start.</summary>
    Moment,

    /// <summary>The moment at which the usage limit of the account is lifted.</summary>
    UsageLimit,

    /// <summary>The end of one of the tasks at work, of which there are as many as may run at once.</summary>
    FreeSlot,

    /// <summary>The end of an agent: the running agents have reserved the rest of the daily cost limit.</summary>
    DailyCostLimit,

    /// <summary>A person's decision on its changes.</summary>
    Approval,
}
