namespace ClaudeTasks.Reporting;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    /// <summary>One page that needs nothing else: no script, no network.</summary>
    Html,

    /// <summary>Markdown as GitHub shows it in a job summary, at most 1 MiB.</summary>
    Markdown,

    /// <summary>The model itself, for programs.</summary>
    Json,

    /// <summary>The XML of JUnit, which CI systems show as test results.</summary>
    JUnit,
}
