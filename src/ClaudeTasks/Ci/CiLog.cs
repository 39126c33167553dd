using ClaudeTasks.Reporting;
using ClaudeTasks.Text;

namespace ClaudeTasks.Ci;

/// <summary>What a CI service makes of certain lines in its log: groups that fold, annotations on the run's page, a summary.</summary>
internal abstract class CiLog
{
    /// <summary>The service's log this process writes to; null where there is none.</summary>
    public static CiLog? Current => CiCommands.Service switch
    {
        CiService.GitHubActions => new GitHubLog(),
        CiService.AzurePipelines => new AzureLog(),
        _ => null,
    };

    /// <summary>The line that ends a group.</summary>
    public abstract string EndOfGroup { get; }

    /// <summary>The line that begins a group.</summary>
    public abstract string Group(string title);

    /// <summary>The line that makes an error on the run's page.</summary>
    public abstract string Error(string title, string message);

    /// <summary>Adds a report to the run's page.</summary>
    /// <returns>A line to write to the log for it, if it needs one.</returns>
    /// <exception cref="IOException">The file that the service reads cannot be written.</exception>
    public string? AddSummary(ClaudeTaskReport report, int task)
    {
        using var content = new MemoryStream();
        ReportWriter.Write(report, ReportFormat.Markdown, content);
        return AddSummary(content.ToArray(), task);
    }

    /// <inheritdoc cref="AddSummary(ClaudeTaskReport, int)"/>
    protected abstract string? AddSummary(byte[] markdown, int task);

    /// <summary>Escapes what would end a command or one of its values.</summary>
    protected static string Escape(string text, string percent, params string[] more)
    {
        text = text.Replace("%", percent, StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
        return more.Aggregate(text, (escaped, item) => escaped.Replace(item, $"%{(int)item[0]:X2}", StringComparison.Ordinal));
    }
}
