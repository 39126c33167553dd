using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Reporting;

/// <content>What the formats say of a task, in this order.</content>
internal static partial class ReportText
{
    /// <summary>Amounts and names, each short; what is not known is left out.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(ClaudeTaskReport report, ClaudeTask task) => new[]
    {
        ("Submitted", Time(task.CreatedAt)),
        ("Time", Duration(task.Duration)),
        ("Cost", Money(task.CostUsd)),
        ("Turns", task.Turns?.ToString(CultureInfo.InvariantCulture)),
        ("Tokens", Tokens(task)),
        ("Repairs", task.Repairs > 0 ? task.Repairs.ToString(CultureInfo.InvariantCulture) : ""),
        ("Attempts", task.Attempts > 1 ? task.Attempts.ToString(CultureInfo.InvariantCulture) : ""),
        ("Approval", task.AutoApprove ? "automatic" : ""),
        ("Exit code", task.ExitCode is { } code and not 0 ? code.ToString(CultureInfo.InvariantCulture) : ""),
        ("Priority", task.Priority == ClaudeTaskPriority.Normal ? "" : task.Priority.ToString()),
        ("Not before", task.NotBefore is { } moment ? Time(moment) : ""),
        ("Continues", task.Continues is { } earlier ? string.Create(CultureInfo.InvariantCulture, $"task {earlier}") : ""),
        ("Questions", task.OnQuestion == QuestionPolicy.Deny ? "" : task.OnQuestion.ToString()),
        ("Template", task.Template),
        ("Model", task.Model),
        ("Branch", task.Branch ?? task.StartingBranch),
        ("Commit", task.CommittedSha is { } commit ? commit[..Math.Min(10, commit.Length)] : ""),
        ("Session", IsSame(report, item => item.Session) ? "" : task.Session),
        ("Repository", IsSame(report, item => item.Repository) ? "" : task.Repository),
    }.Select(fact => (fact.Item1, TerminalText.OneLine(fact.Item2, 100))).Where(fact => fact.Item2.Length > 0);

    /// <summary>Sentences: why the task is where it is, and what was decided.</summary>
    public static IEnumerable<(string Name, string Text)> Notes(ClaudeTask task) => new[]
    {
        ("Reason", task.ReasonText),
        ("Waits for", task.WaitingFor is { Kind: not ClaudeTaskWaitKind.Approval } waiting ? waiting.ToString() : ""),
        (task.RejectedAt is { } time ? $"Rejected {Time(time)}" : "Rejected",
            task.RejectionReason ?? (task.RejectedAt is null ? "" : "no reason given")),
        ("Committed", task.CommittedSha is null ? "" : task.CommitMessage),
        ("Denied tools", string.Join(", ", task.DeniedTools)),
    }.Select(note => (note.Item1, note.Item2?.Trim() ?? "")).Where(note => note.Item2.Length > 0);

    /// <summary>The statuses a task came to, and how long it stayed in each; of the last one, since when.</summary>
    public static IEnumerable<(ClaudeTaskStatus Status, string Time)> Way(ReportTask item) => item.Statuses.Select((step, i) => (
        step.Status,
        i + 1 < item.Statuses.Count ? Duration(item.Statuses[i + 1].Time - step.Time) : Time(step.Time)));

    private static bool IsSame(ClaudeTaskReport report, Func<ClaudeTask, string> value) =>
        report.Tasks.Select(item => value(item.Task)).Distinct().Count() <= 1;

    private static string Tokens(ClaudeTask task)
    {
        var written = (task.InputTokens ?? 0) + (task.CacheCreationTokens ?? 0);
        return task.OutputTokens is { } output
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Thousands(written)} in, {Thousands(output)} out, {Thousands(task.CacheReadTokens ?? 0)} from cache")
            : "";
    }

    private static string Thousands(long count) => count switch
    {
        < 1000 => count.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => (count / 1e3).ToString("0.#k", CultureInfo.InvariantCulture),
        _ => (count / 1e6).ToString("0.##M", CultureInfo.InvariantCulture),
    };
}
