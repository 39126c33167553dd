using ClaudeTasks.Model;

namespace ClaudeTasks.Reporting;

/// <summary>The answer of one check that was made of a task's result.</summary>
public sealed record ReportGate
{
    /// <summary>The check's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it passed.</summary>
    public bool Passed { get; init; }

    /// <summary>Whether the task cannot go on without it.</summary>
    public bool Required { get; init; }

    /// <summary>Why it failed where its exit code does not say: a time limit, a stop, a program that did not start.</summary>
    public ClaudeTaskReason Reason { get; init; }

    /// <summary>The exit code, where a program made the check.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Which round of gates it was, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Files that the check itself changed. They are no part of the task's changes.</summary>
    public IReadOnlyList<string> ChangedFiles { get; init; } = [];

    /// <summary>What it printed.</summary>
    public string Output { get; init; } = "";

    /// <summary>What a report keeps of a gate's run.</summary>
    public static ReportGate Of(ClaudeTaskGateResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ReportGate
        {
            Name = result.Name,
            Passed = result.Passed,
            Required = result.IsRequired,
            Reason = result.Reason,
            ExitCode = result.ExitCode,
            Duration = result.Duration,
            Attempt = result.Attempt,
            ChangedFiles = result.ChangedFiles,
            Output = result.Output,
        };
    }
}
