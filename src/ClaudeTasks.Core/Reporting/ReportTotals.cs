using ClaudeTasks.Model;

namespace ClaudeTasks.Reporting;

/// <summary>The sums over the tasks of a report.</summary>
public sealed record ReportTotals
{
    /// <summary>How many tasks there are.</summary>
    public int Tasks { get; init; }

    /// <summary>Tasks that the machine works on.</summary>
    public int Running { get; init; }

    /// <summary>Tasks that wait for their turn or for a person.</summary>
    public int Waiting { get; init; }

    /// <summary>Tasks that did their work.</summary>
    public int Completed { get; init; }

    /// <summary>Tasks that did not.</summary>
    public int Failed { get; init; }

    /// <summary>Tasks whose changes a person turned down.</summary>
    public int Rejected { get; init; }

    /// <summary>Tasks that were stopped.</summary>
    public int Cancelled { get; init; }

    /// <summary>What the agents reported as their cost, in US dollars.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>How long the machine worked.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Changed files, each counted once a task.</summary>
    public int FilesChanged { get; init; }

    /// <summary>Lines added.</summary>
    public int Additions { get; init; }

    /// <summary>Lines removed.</summary>
    public int Deletions { get; init; }

    internal static ReportTotals Of(IEnumerable<ClaudeTask> tasks)
    {
        var all = tasks.ToList();
        int Count(TaskOutcome outcome) => all.Count(task => StatusMoves.OutcomeOf(task.Status) == outcome);
        return new ReportTotals
        {
            Tasks = all.Count,
            Running = Count(TaskOutcome.Running),
            Waiting = Count(TaskOutcome.Waiting),
            Completed = Count(TaskOutcome.Completed),
            Failed = Count(TaskOutcome.Failed),
            Rejected = Count(TaskOutcome.Rejected),
            Cancelled = Count(TaskOutcome.Cancelled),
            CostUsd = all.Sum(task => task.CostUsd ?? 0),
            Duration = all.Aggregate(TimeSpan.Zero, (sum, task) => sum + (task.Duration ?? TimeSpan.Zero)),
            FilesChanged = all.Sum(task => task.FilesChanged ?? 0),
            Additions = all.Sum(task => task.Additions ?? 0),
            Deletions = all.Sum(task => task.Deletions ?? 0),
        };
    }
}
