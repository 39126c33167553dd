using System.Globalization;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Reporting;

/// <summary>The words that the formats for people share. What came from outside is not yet escaped for any of them.</summary>
internal static class ReportText
{
    /// <summary>The status in words, and why it is so where that is out of the ordinary.</summary>
    public static string Status(ClaudeTask task)
    {
        var words = task.Status switch
        {
            ClaudeTaskStatus.Pending => "In the queue",
            ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.Running => "Running",
            ClaudeTaskStatus.WaitingQa or ClaudeTaskStatus.QaRunning => "Being checked",
            ClaudeTaskStatus.QaFailed => "Gate failed",
            ClaudeTaskStatus.WaitingApproval => "Waits for approval",
            ClaudeTaskStatus.Approved => "Being committed",
            var status => status.ToString(),
        };
        return task.Reason == ClaudeTaskReason.None || task.Reason == ClaudeTaskReason.Stopped ? words : $"{words}: {task.Reason}";
    }

    /// <summary>A sign beside the words, so that nothing is told by colour alone.</summary>
    public static string Sign(ClaudeTask task) => StatusMoves.OutcomeOf(task.Status) switch
    {
        TaskOutcome.Completed => "✓",
        TaskOutcome.Failed => "✗",
        TaskOutcome.Rejected => "⊘",
        TaskOutcome.Cancelled => "■",
        TaskOutcome.Running => "▶",
        _ => task.Status == ClaudeTaskStatus.QaFailed ? "✗" : "◷",
    };

    /// <summary>The first line of the prompt.</summary>
    public static string Title(ClaudeTask task) => TerminalText.OneLine(task.Prompt.TrimStart().Split('\n')[0], 120);

    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    public static string Duration(TimeSpan? time) => time is { } value ? ReadableText.Duration(value) : "";

    public static string Money(decimal? dollars) => dollars is { } value ? ReadableText.Money(value) : "";

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>How many files and lines; empty while that is not known.</summary>
    public static string Changes(ClaudeTask task) => task.FilesChanged switch
    {
        null => "",
        0 => "no change",
        var files => string.Create(CultureInfo.InvariantCulture, $"{Count(files.Value, "file")} +{task.Additions} −{task.Deletions}"),
    };

    public static string Counts(ReportChange change) =>
        change.IsBinary ? "binary" : string.Create(CultureInfo.InvariantCulture, $"+{change.Additions} −{change.Deletions}");

    /// <summary>How many tasks came to which end, without those ends that none came to.</summary>
    public static string Outcomes(ReportTotals totals) => string.Join(", ", new[]
    {
        (totals.Completed, "completed"), (totals.Failed, "failed"), (totals.Rejected, "rejected"), (totals.Cancelled, "cancelled"),
        (totals.Waiting, "waiting"), (totals.Running, "running"),
    }.Where(part => part.Item1 > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Item1} {part.Item2}")));

    public static string GateName(ReportGate gate) =>
        gate.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"{gate.Name} (attempt {gate.Attempt})") : gate.Name;

    public static string GateResult(ReportGate gate) => (gate.Passed, gate.Required, gate.ExitCode) switch
    {
        (true, _, _) => "passed",
        (false, true, { } code) => string.Create(CultureInfo.InvariantCulture, $"failed with exit code {code}"),
        (false, true, _) => "failed",
        (false, false, { } code) => string.Create(CultureInfo.InvariantCulture, $"failed with exit code {code}, not required"),
        _ => "failed, not required",
    };

    public static string EventsLeftOut(ReportTask item) => string.Create(
        CultureInfo.InvariantCulture, $"{Count(item.EventsLeftOut, "earlier event")} left out; Receive-ClaudeTask {item.Task.Id} shows all.");

    public static string PatchLeftOut(ReportTask item, ReportChange change) => string.Create(
        CultureInfo.InvariantCulture, $"{Count(change.PatchLinesLeftOut, "more line")} left out; Get-ClaudeTaskDiff {item.Task.Id} shows all.");
}
