namespace ClaudeTasks.Model;

/// <summary>Why a task is where it is. It stands beside the status, never instead of it.</summary>
public enum ClaudeTaskReason
{
    /// <summary>Nothing out of the ordinary.</summary>
    None,

    /// <summary>A check before the run did not pass; nothing was spent.</summary>
    PreFlightFailed,

    /// <summary>Claude Code could not be started or did not answer.</summary>
    StartFailed,

    /// <summary>Claude Code reported an error of its own.</summary>
    AgentError,

    /// <summary>The model's service refused or could not be reached.</summary>
    ApiError,

    /// <summary>The agent ended without the evidence that a success needs.</summary>
    MissingEvidence,

    /// <summary>The task ran longer than its time limit.</summary>
    TimedOut,

    /// <summary>The agent was silent longer than the stall limit.</summary>
    Stalled,

    /// <summary>The process that ran the task died.</summary>
    WorkerLost,

    /// <summary>A cost limit was reached.</summary>
    BudgetExceeded,

    /// <summary>Somebody asked for it to stop.</summary>
    Stopped,

    /// <summary>ClaudeTasks itself failed; the text says how.</summary>
    InternalError,

    /// <summary>A required gate did not pass.</summary>
    GateFailed,

    /// <summary>The account's usage limit was reached; it goes on when that is reset.</summary>
    UsageLimit,

    /// <summary>Somebody asked for it to pause.</summary>
    Suspended,

    /// <summary>A task it depends on did not end well.</summary>
    DependencyFailed,

    /// <summary>Its moment had passed for too long.</summary>
    TooLate,

    /// <summary>Claude Code no longer has the conversation.</summary>
    ConversationLost,
}
