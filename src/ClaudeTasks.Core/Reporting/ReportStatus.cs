using ClaudeTasks.Model;

namespace ClaudeTasks.Reporting;

/// <summary>A step on a task's way.</summary>
/// <param name="Status">The status it came to.</param>
/// <param name="Time">When.</param>
public sealed record ReportStatus(ClaudeTaskStatus Status, DateTime Time)
{
    /// <summary>The status of an event that tells of one.</summary>
    internal static ReportStatus? Of(ClaudeTaskEvent item) =>
        item.Kind == ClaudeTaskEventKind.Status && Enum.TryParse<ClaudeTaskStatus>(item.Text.Split(':')[0], out var status)
            ? new ReportStatus(status, item.Time)
            : null;
}
