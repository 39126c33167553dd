using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Reporting;

/// <summary>The words that the formats for people share. What came from outside is not yet escaped for any of them.</summary>
internal static partial class ReportText
{
    /// <summary>The status in words, and why it is so where that is out of the ordinary.</summary>
    public static string Status(ClaudeTask task)
    {
        var words = StatusTable.Of(task.Status).Words;
        return task.Reason is ClaudeTaskReason.None or ClaudeTaskReason.Stopped or ClaudeTaskReason.GateFailed
            ? words
            : $"{words}: {task.Reason}";
    }

    /// <summary>A sign beside the words, so that color is never the only mark.</summary>
    public static string Sign(ClaudeTask task) => StatusTable.Of(task.Status).Sign;

    /// <summary>The first line of the prompt.</summary>
    public static string Title(ClaudeTask task) => TerminalText.OneLine(task.Prompt.TrimStart().Split('\n')[0], 120);

    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    public static string Duration(TimeSpan? time) => time is { } value ? ReadableText.Duration(value) : "";

    /// <summary>To the cent, and what is less than one to a hundredth of it.</summary>
    public static string Money(decimal? dollars) => dollars switch
    {
        null => "",
        > 0 and < 0.01m => dollars.Value.ToString("$0.0000", CultureInfo.InvariantCulture),
        var amount => amount.Value.ToString("$#,0.00", CultureInfo.InvariantCulture),
    };

    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>How many files and lines; empty while that is not known.</summary>
    public static string Changes(ClaudeTask task) => task.FilesChanged switch
    {
        null => "",
        0 => "no change",
        var files => string.Create(CultureInfo.InvariantCulture, $"{Count(files.Value, "file")} {Lines(task.Additions, task.Deletions)}"),
    };

    public static string Counts(ReportChange change) =>
        change.IsOverLimit ? "over limit"
        : change.IsBinary ? "binary"
        : change.Kind == ClaudeTaskChangeKind.ModeChanged ? $"{change.OldMode} → {change.NewMode}"
        : Lines(change.Additions, change.Deletions);

    public static string Lines(int? added, int? removed) => string.Create(CultureInfo.InvariantCulture, $"+{added:N0} −{removed:N0}");

    public static string Path(ReportChange change) => change.OldPath is null ? change.Path : $"{change.OldPath} → {change.Path}";

    /// <summary>How many tasks came to which end, without those ends that none came to.</summary>
    public static IEnumerable<(TaskOutcome Outcome, int Count)> OutcomeCounts(ReportTotals totals) => new[]
    {
        (TaskOutcome.Completed, totals.Completed), (TaskOutcome.Failed, totals.Failed), (TaskOutcome.Rejected, totals.Rejected),
        (TaskOutcome.Cancelled, totals.Cancelled), (TaskOutcome.Waiting, totals.Waiting), (TaskOutcome.Running, totals.Running),
    }.Where(part => part.Item2 > 0);

    public static string Outcomes(ReportTotals totals) =>
        string.Join(", ", OutcomeCounts(totals).Select(part => $"{part.Count} {Word(part.Outcome)}"));

    public static string Word(TaskOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public static string GateName(ReportGate gate) =>
        gate.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"{gate.Name} (attempt {gate.Attempt})") : gate.Name;

    public static string GateResult(ReportGate gate)
    {
        if (gate.Passed)
        {
            return "passed";
        }

        var how = gate.Reason != ClaudeTaskReason.None ? $": {gate.Reason}"
            : gate.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $" with exit code {code}") : "";
        return $"failed{how}{(gate.Required ? "" : ", not required")}";
    }

    /// <summary>Files that a gate changed itself; empty where it changed none.</summary>
    public static string GateChanges(ReportGate gate) =>
        gate.ChangedFiles.Count == 0 ? "" : $"changed files itself: {string.Join(", ", gate.ChangedFiles)}";

    public static string EventsLeftOut(ReportTask item) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(item.EventsLeftOut, "earlier event")} left out; Receive-ClaudeTask {item.Task.Id} shows all.");

    public static string PatchLeftOut(ReportTask item, ReportChange change) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(change.PatchLinesLeftOut, "more line")} left out; Get-ClaudeTaskDiff {item.Task.Id} shows all.");
}
