namespace ClaudeTasks.Model;

/// <summary>One agent process of a task: the first run, a repair, a retry, a following turn. All times are UTC.</summary>
public sealed record ClaudeTaskAttempt
{
    /// <summary>The task's number.</summary>
    public int Task { get; init; }

    /// <summary>Its number in the task, from 1.</summary>
    public int Number { get; init; }

    /// <summary>What it was for.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>When the agent was started.</summary>
    public DateTime StartedAt { get; init; }

    /// <summary>When it had ended; null while it runs, and when its worker died.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>How it ended; None is well.</summary>
    public ClaudeTaskReason Reason { get; init; }

    /// <summary>How it ended, as a sentence.</summary>
    public string? ReasonText { get; init; }

    /// <summary>The agent's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What this process cost, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Its input tokens that were not read from the cache.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Its output tokens.</summary>
    public long? OutputTokens { get; init; }
}
