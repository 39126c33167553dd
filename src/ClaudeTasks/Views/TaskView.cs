using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Views;

/// <summary>The cells of the table of tasks. Pure functions of the object, also of one that came from another
/// session; what came from outside is made harmless.</summary>
public static class TaskView
{
    /// <summary>The status as icon and word, and what the task waits for.</summary>
    public static string Status(PSObject item)
    {
        var task = Revived.Task(item);
        var icon = task.Status switch
        {
            ClaudeTaskStatus.Pending => "⏳",
            ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.Running or ClaudeTaskStatus.WaitingQa or ClaudeTaskStatus.QaRunning => "🔄",
            ClaudeTaskStatus.WaitingApproval => "⏸️",
            ClaudeTaskStatus.Approved or ClaudeTaskStatus.Completed => "✅",
            ClaudeTaskStatus.Rejected => "❌",
            ClaudeTaskStatus.Failed => "⚠️",
            ClaudeTaskStatus.QaFailed => "🚫",
            _ => "⏹️",
        };
        return task switch
        {
            { WaitingFor: { } question } when question.StartsWith("an answer to ", StringComparison.Ordinal) => $"❓ {question["an answer to ".Length..]}",
            { IsSuspended: true } => "⏸️ Suspended",
            { Status: ClaudeTaskStatus.Pending, WaitingFor: { } other } => other.Length > "task 1234".Length ? $"{icon} {other}" : $"{icon} Pending ({other})",
            { Status: ClaudeTaskStatus.Failed } => $"{icon} {task.Reason}",
            { Status: ClaudeTaskStatus.Completed, DeniedTools: { Count: > 0 } denied } => $"{icon} Completed, {denied.Count} denied",
            _ => $"{icon} {task.Status}",
        };
    }

    /// <summary>The name of the repository's folder.</summary>
    public static string Repository(PSObject item)
    {
        var task = Revived.Task(item);
        return TerminalText.OneLine(Path.GetFileName(task.Repository), 40);
    }

    /// <summary>The first line of the prompt.</summary>
    public static string Prompt(PSObject item)
    {
        var task = Revived.Task(item);
        return TerminalText.OneLine(task.Prompt.TrimStart().Split('\n')[0], 60);
    }

    /// <summary>How long ago it ended, began or was submitted.</summary>
    public static string When(PSObject item)
    {
        var task = Revived.Task(item);
        return Ago(DateTime.UtcNow - (task.CompletedAt ?? task.StartedAt ?? task.CreatedAt));
    }

    /// <summary>How many files and lines changed.</summary>
    public static string Changes(PSObject item)
    {
        var task = Revived.Task(item);
        return task.FilesChanged switch
        {
            null => "",
            0 => "none",
            1 => string.Create(CultureInfo.InvariantCulture, $"1 file +{task.Additions} -{task.Deletions}"),
            var count => string.Create(CultureInfo.InvariantCulture, $"{count} files +{task.Additions} -{task.Deletions}"),
        };
    }

    /// <summary>What it cost so far, to the cent.</summary>
    public static string Cost(PSObject item) => Revived.Task(item).CostUsd switch
    {
        null or 0 => "",
        < 0.01m => "<$0.01",
        var cost => cost.Value.ToString("$0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>Text from outside, harmless for a terminal.</summary>
    public static string Text(string? text) => TerminalText.Clean(text);

    internal static string Ago(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)time.TotalSeconds)}s ago"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m ago"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d ago"),
    };
}
