using System.Text;

namespace ClaudeTasks.Reporting;

/// <summary>Writes reports. Whatever came from agents and repositories is neutral in every format: it is shown, and does nothing.</summary>
public static class ReportWriter
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a report as UTF-8. The stream stays open.</summary>
    public static void Write(ClaudeTaskReport report, ReportFormat format, Stream target)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var text = new StreamWriter(target, Encoding, leaveOpen: true);
        text.NewLine = "\n";
        switch (format)
        {
            case ReportFormat.Html:
                HtmlReport.Write(report, text);
                break;
            case ReportFormat.Markdown:
                text.Write(MarkdownReport.Format(report));
                break;
            case ReportFormat.Json:
                text.WriteLine(JsonReport.Format(report));
                break;
            default:
                JUnitReport.Write(report, text);
                break;
        }
    }
}
