using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Reporting;

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
                Template = text,
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
                CommitMessage = text,
                WaitingFor = new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Task, Task = 7 },
            },
            Gates = [new ReportGate { Name = text, Output = text, Required = true, ExitCode = 1, ChangedFiles = [text] }],
            Statuses = [new ReportStatus(ClaudeTaskStatus.Pending, Noon), new ReportStatus(status, Noon.AddSeconds(5))],
            Events = [.. Enum.GetValues<ClaudeTaskEventKind>().Select(kind => new ReportEvent { Kind = kind, Text = text, Time = Noon })],
            Changes =
            [
                Change(text, "@@ -1,2 +1,2 @@ " + text + "\n same " + text + "\n-old " + text + "\n+new " + text + "\n"),
                Change(text + ".cs", "@@ -1,2 +1,2 @@\n \"" + text + "\" // " + text + "\n-return '" + text + "'\n+return 1" + text + "\n"),
                Change("new " + text, "old mode 100644\nnew mode 100755\n") with { OldPath = text, Kind = ClaudeTaskChangeKind.Renamed },
            ],
        })],
    };

    /// <summary>A task of which there is something to say in every place.</summary>
    public static ReportTask Rich => new()
    {
        Task = Task(12, ClaudeTaskStatus.QaFailed) with
        {
            Prompt = "Shorten the names\nline two",
            Reason = ClaudeTaskReason.GateFailed,
            ReasonText = "build and test did not pass",
            WaitingFor = new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Task, Task = 7 },
            RejectionReason = "too wide",
            CostUsd = 1.2345m,
            Turns = 41,
            InputTokens = 1000,
            CacheCreationTokens = 1000,
            OutputTokens = 345,
            CacheReadTokens = 7812,
            Model = "claude-x",
            Branch = "topic",
            Repairs = 1,
            Attempts = 2,
            Priority = ClaudeTaskPriority.High,
            NotBefore = Noon.AddMinutes(30),
            Continues = 3,
            Template = "upgrade",
            AutoApprove = true,
            CommittedSha = "0123456789abcdef",
            CommitMessage = "Shorten it",
            DeniedTools = ["Bash", "WebFetch"],
            Result = "It is short now.",
        },
        Statuses =
        [
            new ReportStatus(ClaudeTaskStatus.Pending, Noon), new ReportStatus(ClaudeTaskStatus.Running, Noon.AddSeconds(2)),
            new ReportStatus(ClaudeTaskStatus.QaFailed, Noon.AddSeconds(62)),
        ],
        Gates =
        [
            new ReportGate { Name = "build", Required = true, ExitCode = 1, Output = "error CS1\n" },
            new ReportGate
            {
                Name = "test",
                Required = true,
                Reason = ClaudeTaskReason.TimedOut,
                ChangedFiles = ["a.trx", "b.trx"],
                Output = "waiting\n"
            },
            new ReportGate { Name = "build", Required = true, Passed = true, ExitCode = 0, Attempt = 2 },
            new ReportGate { Name = "spelling", ExitCode = 3, Attempt = 2 },
        ],
        Events =
        [
            new ReportEvent { Kind = ClaudeTaskEventKind.ToolUse, Text = "Editing: a.cs", Time = Noon },
            new ReportEvent { Kind = ClaudeTaskEventKind.Gate, Text = "dotnet test", Time = Noon },
        ],
        Changes =
        [
            Change("new.cs", "@@ -1,2 +1 @@\n-a\n-b\n+c\n") with { OldPath = "old.cs", Kind = ClaudeTaskChangeKind.Renamed, Deletions = 2 },
            Change("logo.png", "") with { IsBinary = true, Additions = null, Deletions = null },
            Change("video.bin", "# video.bin: over the limit\n") with { IsOverLimit = true, Additions = null, Deletions = null },
            Change("run.sh", "old mode 100644\nnew mode 100755\n")
                with { Kind = ClaudeTaskChangeKind.ModeChanged, OldMode = "100644", NewMode = "100755" },
        ],
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
