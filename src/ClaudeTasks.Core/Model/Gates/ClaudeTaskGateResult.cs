namespace ClaudeTasks.Model;

/// <summary>One run of a gate on a task's result. All times are UTC.</summary>
public sealed record ClaudeTaskGateResult
{
    /// <summary>The number of the task.</summary>
    public int Task { get; init; }

    /// <summary>The gate's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which round of gates it was, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Whether the result passed.</summary>
    public bool Passed { get; init; }

    /// <summary>Whether the gate was required then.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Why it failed where its exit code does not say: a time limit, a stop, a program that did not start.</summary>
    public ClaudeTaskReason Reason { get; init; }

    /// <summary>The exit code; 128 + n after signal n; null when it did not start.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When it began.</summary>
    public DateTime StartedAt { get; init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The end of what it printed, both streams; all of it is in the task's events.</summary>
    public string Output { get; init; } = "";

    /// <summary>Files in the repository that the gate itself changed. They are no part of the task's changes.</summary>
    public IReadOnlyList<string> ChangedFiles { get; init; } = [];
}
