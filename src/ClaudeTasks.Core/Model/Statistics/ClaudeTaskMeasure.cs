namespace ClaudeTasks.Model;

/// <summary>Sums over tasks.</summary>
public sealed record ClaudeTaskMeasure
{
    /// <summary>By what the tasks were told apart.</summary>
    public ClaudeTaskGrouping GroupBy { get; init; }

    /// <summary>
    /// What these tasks have in common: the repository's root, the session's name, the day (<c>2025-01-31</c>), the model, the template or
    /// the status. Null for all tasks, and for those that have none of it.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>
    /// The root of the repository, where the groups are repositories or sessions: two of these can have sessions of one name.
    /// </summary>
    public string? Repository { get; init; }

    /// <summary>How many tasks.</summary>
    public int Count { get; init; }

    /// <summary>Those whose work is there: <c>Completed</c>, <c>Approved</c> or <c>WaitingApproval</c>.</summary>
    public int Succeeded { get; init; }

    /// <summary>Those whose work is not, or was turned down: <c>Failed</c>, <c>QaFailed</c> or <c>Rejected</c>.</summary>
    public int Failed { get; init; }

    /// <summary>
    /// The part of these two that succeeded, from 0 to 1; null while there is none of either. Stopped tasks are in neither.
    /// </summary>
    public double? SuccessRate => Succeeded + Failed > 0 ? (double)Succeeded / (Succeeded + Failed) : null;

    /// <summary>How long the machine worked on all of them.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How long it worked on one that began; null when none did.</summary>
    public TimeSpan? AverageDuration { get; init; }

    /// <summary>What the agents reported as their cost, in US dollars.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>Input tokens that were not read from the cache.</summary>
    public long InputTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Input tokens read from the cache.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>Input tokens written to the cache.</summary>
    public long CacheCreationTokens { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Group ?? "";
}
