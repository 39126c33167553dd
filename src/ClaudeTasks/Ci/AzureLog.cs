using ClaudeTasks.Reports;

namespace ClaudeTasks.Ci;

/// <summary>Azure Pipelines' logging commands.</summary>
internal sealed class AzureLog : CiLog
{
    public override string EndOfGroup => "##[endgroup]";

    public override string Group(string title) => "##[group]" + title;

    public override string Error(string title, string message) =>
        "##vso[task.logissue type=error]" + Escape($"{title}: {message}", "%AZP25", ";", "]");

    protected override string? AddSummary(byte[] markdown, int task)
    {
        if (Environment.GetEnvironmentVariable("AGENT_TEMPDIRECTORY") is not { Length: > 0 } folder)
        {
            return null;
        }

        // The page shows the file's name as the heading.
        var path = Path.Combine(folder, $"Claude task {task}.md");
        ReportFile.Write(path, markdown, replaces: true);
        return "##vso[task.uploadsummary]" + path;
    }
}
