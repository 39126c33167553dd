using ClaudeTasks.Tasks;

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

    /// <summary>The exit code, where a program made the check.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The how manyeth try this was, from 1.</summary>
    public int Attempt { get; init; } = 1;

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
            ExitCode = result.ExitCode,
            Duration = result.Duration,
            Attempt = result.Attempt,
            Output = result.Output,
        };
    }
}
