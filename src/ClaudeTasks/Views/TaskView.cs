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
            { Status: ClaudeTaskStatus.Pending, WaitingFor: { } other } => $"{icon} Pending ({other})",
            { Status: ClaudeTaskStatus.Failed } => $"{icon} {task.Reason}",
            { Status: ClaudeTaskStatus.Completed, DeniedTools: { Count: > 0 } denied } => $"{icon} Completed ({denied.Count} denied)",
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
            var count => string.Create(CultureInfo.InvariantCulture, $"{count}f +{task.Additions} -{task.Deletions}"),
        };
    }

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
