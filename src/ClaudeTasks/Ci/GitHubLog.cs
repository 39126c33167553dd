using ClaudeTasks.Reports;

namespace ClaudeTasks.Ci;

/// <summary>GitHub Actions' workflow commands.</summary>
internal sealed class GitHubLog : CiLog
{
    /// <summary>GitHub's limit for a step. It shows nothing of a longer summary.</summary>
    private const long MostSummary = 1024 * 1024;

    public override string EndOfGroup => "::endgroup::";

    public override string Group(string title) => "::group::" + Escape(title, "%25");

    public override string Error(string title, string message) =>
        $"::error title={Escape(title, "%25", ":", ",")}::{Escape(message, "%25")}";

    protected override string? AddSummary(byte[] markdown, int task)
    {
        if (Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is not { Length: > 0 } path)
        {
            return null;
        }

        ReportFile.RefuseLink(Path.GetFullPath(path));
        using var file = new FileStream(path, FileMode.Append);
        if (file.Length + markdown.Length > MostSummary)
        {
            return $"The summary has no room for task {task}; Get-ClaudeTask {task} | Export-ClaudeTaskReport writes a report of it.";
        }

        file.Write(markdown);
        return null;
    }
}
