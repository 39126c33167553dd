using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>Reads a task from a row of <see cref="TaskColumns"/>.</summary>
internal static class TaskRow
{
    public static TaskRecord Read(Row row)
    {
        var status = TaskColumns.Status.Of(row);
        var settings = TaskColumns.Settings.Of(row);
        var gateRequest = TaskColumns.GateRequest.Of(row);
        var notBefore = TaskColumns.NotBefore.Of(row);
        var task = new ClaudeTask
        {
            Id = TaskColumns.Id.Of(row),
            TaskId = TaskColumns.TaskId.Of(row),
            Prompt = TaskColumns.Prompt.Of(row),
            Template = TaskColumns.Template.Of(row),
            Status = status,
            Reason = TaskColumns.Reason.Of(row),
            ReasonText = TaskColumns.ReasonText.Of(row),
            Repository = TaskColumns.Folder.Of(row),
            Session = TaskColumns.Session.Of(row),
            CreatedAt = TaskColumns.CreatedAt.Of(row),
            UpdatedAt = TaskColumns.UpdatedAt.Of(row),
            StartedAt = TaskColumns.StartedAt.Of(row),
            CompletedAt = TaskColumns.CompletedAt.Of(row),
            Model = TaskColumns.Model.Of(row),
            PermissionMode = TaskColumns.PermissionMode.Of(row),
            ConversationId = TaskColumns.ConversationId.Of(row),
            StartingCommit = TaskColumns.StartingCommit.Of(row),
            StartingBranch = TaskColumns.StartingBranch.Of(row),
            FilesChanged = TaskColumns.FilesChanged.Of(row),
            Additions = TaskColumns.Additions.Of(row),
            Deletions = TaskColumns.Deletions.Of(row),
            CostUsd = TaskColumns.CostUsd.Of(row),
            InputTokens = TaskColumns.InputTokens.Of(row),
            OutputTokens = TaskColumns.OutputTokens.Of(row),
            CacheReadTokens = TaskColumns.CacheReadTokens.Of(row),
            CacheCreationTokens = TaskColumns.CacheCreationTokens.Of(row),
            Turns = TaskColumns.Turns.Of(row),
            ExitCode = TaskColumns.ExitCode.Of(row),
            Result = TaskColumns.Result.Of(row),
            DeniedTools = TaskColumns.DeniedTools.Of(row),
            CommittedSha = TaskColumns.CommittedSha.Of(row),
            CommitMessage = TaskColumns.CommitMessage.Of(row),
            RejectedAt = TaskColumns.RejectedAt.Of(row),
            RejectionReason = TaskColumns.RejectionReason.Of(row),
            Worktree = TaskColumns.Worktree.Of(row),
            Branch = TaskColumns.Branch.Of(row),
            Repairs = TaskColumns.Repairs.Of(row),
            AutoApprove = settings.AutoApprove == true,
            HasGatesToRun = gateRequest is not null,
            Attempts = TaskColumns.Attempts.Of(row),
            Priority = TaskColumns.Priority.Of(row),
            NotBefore = notBefore,
            IsSuspended = status == ClaudeTaskStatus.Pending && TaskColumns.IsHeld.Of(row),
            Continues = TaskColumns.Continues.Of(row),
            IsBeingRecovered = TaskColumns.IsBeingRecovered.Of(row),
            IsHeldUp = TaskColumns.IsHeldUp.Of(row),
            OnQuestion = settings.OnQuestion,
            WaitingFor = WaitingFor(row, status),
        };
        return new TaskRecord(
            task,
            TaskColumns.Repository.Of(row),
            settings,
            gateRequest,
            TaskColumns.BaseTree.Of(row),
            TaskColumns.ReviewTree.Of(row),
            TaskColumns.ResultTree.Of(row),
            TaskColumns.AgentProcess.Of(row))
        {
            Resumes = TaskColumns.Resumes.Of(row),
            Opening = TaskColumns.Opening.Of(row),
            WaitsByItself = notBefore is not null || TaskColumns.Needs.Of(row) is not null,
        };
    }

    private static ClaudeTaskWait? WaitingFor(Row row, ClaudeTaskStatus status) => status switch
    {
        ClaudeTaskStatus.Pending or ClaudeTaskStatus.Running when TaskColumns.Question.Of(row) is { } question =>
            new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Answer, Question = question },
        ClaudeTaskStatus.Pending when TaskColumns.IsHeld.Of(row) => new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Resume },
        ClaudeTaskStatus.Pending when TaskColumns.Dependency.Of(row) is { } dependency =>
            new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Task, Task = dependency },
        ClaudeTaskStatus.Pending when TaskColumns.NotBefore.Of(row) is { } time && time > DateTime.UtcNow => new ClaudeTaskWait
        {
            Kind = TaskColumns.Reason.Of(row) == ClaudeTaskReason.UsageLimit ? ClaudeTaskWaitKind.UsageLimit : ClaudeTaskWaitKind.Moment,
            Until = time,
        },
        ClaudeTaskStatus.Pending when TaskColumns.Reason.Of(row) == ClaudeTaskReason.BudgetExceeded =>
            new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.DailyCostLimit },
        ClaudeTaskStatus.Pending when TaskColumns.First.Of(row) is { } first && first != TaskColumns.Id.Of(row) =>
            new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Task, Task = first },
        ClaudeTaskStatus.Pending when TaskColumns.LacksSlot.Of(row) => new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.FreeSlot },
        ClaudeTaskStatus.WaitingApproval => new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Approval },
        _ => null,
    };
}
