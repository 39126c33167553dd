using System.Text;
using ClaudeTasks.Reporting;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Tests.Support;

/// <summary>Reports to write.</summary>
internal static class ReportSamples
{
    public static readonly DateTime Noon = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>A report in which this text stands wherever text can come from outside.</summary>
    public static ClaudeTaskReport Everywhere(string text) => new()
    {
        Title = text,
        CreatedAt = Noon,
        Tasks = [.. Enum.GetValues<ClaudeTaskStatus>().Select((status, i) => new ReportTask
        {
            Task = Task(i + 1, status) with
            {
                Prompt = text + "\nmore\n" + text,
                Repository = "/repositories/" + text,
                Session = text,
                Reason = status == ClaudeTaskStatus.Failed ? ClaudeTaskReason.AgentError : ClaudeTaskReason.None,
                ReasonText = text,
                RejectionReason = text,
                Model = text,
                StartingBranch = text,
                Branch = i % 2 == 0 ? text : null,
                Worktree = text,
                Result = text,
                DeniedTools = [text],
                CommittedSha = text,
                WaitingFor = text,
            },
            Gates = [new ReportGate { Name = text, Output = text, Required = true, ExitCode = 1 }],
            Events = [.. Enum.GetValues<ClaudeTaskEventKind>().Select(kind => new ReportEvent { Kind = kind, Text = text, Time = Noon })],
            Changes =
            [
                Change(text, "@@ -1,2 +1,2 @@ " + text + "\n same " + text + "\n-old " + text + "\n+new " + text + "\n"),
                Change("new " + text, "old mode 100644\nnew mode 100755\n") with { OldPath = text, Kind = ClaudeTaskChangeKind.Renamed },
            ],
        })],
    };

    public static ClaudeTask Task(int id, ClaudeTaskStatus status) => new()
    {
        Id = id,
        Prompt = "Do it",
        Status = status,
        Session = "work",
        Repository = "/repository",
        CreatedAt = Noon,
        UpdatedAt = Noon.AddMinutes(1),
        StartedAt = Noon,
        CompletedAt = Noon.AddSeconds(90),
        CostUsd = 0.25m,
        FilesChanged = 1,
        Additions = 2,
        Deletions = 1,
    };

    public static ReportChange Change(string path, string patch) =>
        new() { Path = path, Patch = patch, Kind = ClaudeTaskChangeKind.Modified, Additions = 1, Deletions = 1 };

    public static string Write(ClaudeTaskReport report, ReportFormat format)
    {
        using var target = new MemoryStream();
        ReportWriter.Write(report, format, target);
        return Encoding.UTF8.GetString(target.ToArray());
    }
}
