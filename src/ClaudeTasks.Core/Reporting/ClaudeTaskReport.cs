namespace ClaudeTasks.Reporting;

/// <summary>What happened in some tasks, collected once and written in any <see cref="ReportFormat"/>. All times are UTC.</summary>
public sealed record ClaudeTaskReport
{
    /// <summary>The version of this model and so of the JSON format: a higher one may lack what this one has.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the report is about, such as a session's name.</summary>
    public string Title { get; init; } = "";

    /// <summary>When it was collected.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>The sums over the tasks.</summary>
    public ReportTotals Totals => ReportTotals.Of(Tasks.Select(item => item.Task));

    /// <summary>The tasks, in the order in which they are told of.</summary>
    public IReadOnlyList<ReportTask> Tasks { get; init; } = [];
}
