using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The cells of the table of tasks. Pure functions of the object, also of one that came from another
/// session; what came from outside is made harmless.</summary>
public static class TaskView
{
    /// <summary>Longer words for what a queued task waits for stand alone, so that the column stays narrow.</summary>
    private const int MostBesideStatus = 9;

    /// <summary>The status as icon and word, and what the task waits for. An object from another session brings these words along
    /// (the property is in ClaudeTasks.Types.ps1xml), because what it waits for came as text.</summary>
    public static string Status(PSObject item) => item.BaseObject is ClaudeTask task
        ? Status(task)
        : TerminalText.OneLine(Revived.Value<string>(item, "StatusText") ?? "", 40);

    /// <summary>The name of the repository's folder.</summary>
    public static string Repository(PSObject item)
    {
        var task = Revived.Task(item);
        return TerminalText.OneLine(Path.GetFileName(task.Repository), 40);
    }

    /// <summary>The first line of the prompt.</summary>
    public static string Prompt(PSObject item) => Prompt(Revived.Task(item), 200);

    /// <summary>How long ago it ended, began or was submitted.</summary>
    public static string When(PSObject item)
    {
        var task = Revived.Task(item);
        return Ago(DateTime.UtcNow - (task.CompletedAt ?? task.StartedAt ?? task.CreatedAt));
    }

    /// <summary>How many files and lines changed.</summary>
    public static string Changes(PSObject item) => Changes(Revived.Task(item));

    /// <summary>What it cost so far, to the cent.</summary>
    public static string Cost(PSObject item) => Revived.Task(item).CostUsd switch
    {
        null or 0 => "",
        < 0.01m => "<$0.01",
        var cost => cost.Value.ToString("$0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>Text from outside, harmless for a terminal.</summary>
    public static string Text(string? text) => TerminalText.Clean(text);

    internal static string Status(ClaudeTask task)
    {
        var icon = task.IsSuspended ? "⏸️" : StatusTable.Of(task.Status).Icon;
        return AsksFor(task) is { } question ? $"❓ {question}" : $"{icon} {State(task)}";
    }

    /// <summary>The status in words, and what the task waits for.</summary>
    internal static string State(ClaudeTask task) => task switch
    {
        _ when AsksFor(task) is { } question => question,
        { IsSuspended: true } => "Suspended",
        { Status: ClaudeTaskStatus.Pending, WaitingFor: { } other } =>
            $"{other}" is { Length: > MostBesideStatus } words ? words : $"Pending ({other})",
        { Status: ClaudeTaskStatus.Failed } => $"{task.Reason}",
        { Status: ClaudeTaskStatus.Completed, DeniedTools: { Count: > 0 } denied } => $"Completed, {denied.Count} denied",
        _ => $"{task.Status}",
    };

    /// <summary>The question whose answer the task waits for, such as <c>question 3</c>; null where it waits for none.</summary>
    internal static string? AsksFor(ClaudeTask task) => task.WaitingFor is { Kind: ClaudeTaskWaitKind.Answer } waiting
        ? string.Create(CultureInfo.InvariantCulture, $"question {waiting.Question}")
        : null;

    /// <summary>The first line of the prompt.</summary>
    internal static string Prompt(ClaudeTask task, int width) => TerminalText.OneLine(task.Prompt.TrimStart().Split('\n')[0], width);

    internal static string Changes(ClaudeTask task) => task.FilesChanged switch
    {
        null => "",
        0 => "none",
        1 => string.Create(CultureInfo.InvariantCulture, $"1 file +{task.Additions} -{task.Deletions}"),
        var count => string.Create(CultureInfo.InvariantCulture, $"{count} files +{task.Additions} -{task.Deletions}"),
    };

    internal static string Ago(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)time.TotalSeconds)}s ago"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m ago"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d ago"),
    };
}
