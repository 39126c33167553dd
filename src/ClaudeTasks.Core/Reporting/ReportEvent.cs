using System.Globalization;
using ClaudeTasks.Model;

namespace ClaudeTasks.Reporting;

/// <summary>An event of a task as a report keeps it: without the raw line, and with a bounded text.</summary>
public sealed record ReportEvent
{
    private const int LongestText = 4000;

    /// <summary>The place in the task's own order.</summary>
    public int Seq { get; init; }

    /// <summary>When it was recorded.</summary>
    public DateTime Time { get; init; }

    /// <summary>What it is about.</summary>
    public ClaudeTaskEventKind Kind { get; init; }

    /// <summary>The line a person reads. It may hold anything the agent printed.</summary>
    public string Text { get; init; } = "";

    internal static ReportEvent Of(ClaudeTaskEvent item) => new()
    {
        Seq = item.Seq,
        Time = item.Time,
        Kind = item.Kind,
        Text = item.Text.Length <= LongestText
            ? item.Text
            : string.Create(
                CultureInfo.InvariantCulture, $"{item.Text[..LongestText]}… ({item.Text.Length - LongestText} more characters)"),
    };
}
