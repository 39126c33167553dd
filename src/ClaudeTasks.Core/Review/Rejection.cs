using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Review;

/// <summary>Puts back what a task changed.</summary>
/// <param name="context">The task under decision.</param>
/// <param name="own">The task's own worktree.</param>
internal sealed class Rejection(ReviewContext context, OwnWorktree own)
{
    /// <summary>Restores the base content of the chosen open paths, and keeps the task's result under <c>refs/claude-tasks</c>.</summary>
    public async Task RejectAsync(string? reason, Func<string, bool> matches)
    {
        context.RequireStatus(
            "rejected",
            [ClaudeTaskStatus.WaitingApproval, ClaudeTaskStatus.QaFailed, ClaudeTaskStatus.Failed, ClaudeTaskStatus.Cancelled]);
        var selected = context.Select(matches);
        context.TakeLease();
        var from = context.Task.Task.Status;
        long? decision = null;
        try
        {
            await own.EnsureAsync().ConfigureAwait(false);
            await context.RequireIndexAsync(context.Repository.Root).ConfigureAwait(false);
            var editor = await context.OpenUneditedAsync(context.Repository, selected).ConfigureAwait(false);

            await context.Commits.KeepAsync(context.Task.ResultTree!, context.Task.Task.StartingCommit, context.Reference)
                .ConfigureAwait(false);

            // No file was changed so far. From here on it runs to its end, so that the files are never between the two.
            context.Workspace.Shield();
            decision = context.Database.Write(connection =>
            {
                context.Begin(connection, "Denial");
                return DecisionTable.Begin(
                    connection, context.Task.Id, DecisionKind.Reject, from, null, reason, [.. selected.Select(change => change.RawPath)]);
            });
            await PutBackAsync(editor, decision.Value, selected).ConfigureAwait(false);
        }
        catch
        {
            context.Database.Write(connection =>
            {
                if (decision is { } id)
                {
                    DecisionTable.Remove(connection, id);
                }

                context.GiveLeaseBack(connection, from);
            });
            throw;
        }

        await FinishRejectionAsync(decision.Value, from, reason).ConfigureAwait(false);
    }

    /// <summary>
    /// What the task staged, and then the files: only while a file is there does git tell that it is intended to be added. What the user
    /// staged stays.
    /// </summary>
    private async Task PutBackAsync(WorkTreeEditor editor, long decision, List<PathChange> selected)
    {
        var staged = await context.ReadStagingAsync().ConfigureAwait(false);
        var start = staged.ByTask.Count == 0
            ? []
            : await context.Commits.ReadEntriesAsync(context.Task.Task.StartingCommit).ConfigureAwait(false);
        var index = context.IndexOf(context.Repository);
        var moves = selected.Select(change =>
        {
            var to = staged.Before.GetValueOrDefault(change.RawPath, TreeReader.At(start, change.RawPath));
            return new PathChange(change.RawPath, staged.ByTask.GetValueOrDefault(change.RawPath, to), to);
        });
        await index.MoveAsync(ReviewContext.IndexName(decision), moves).ConfigureAwait(false);
        try
        {
            await editor.PutAsync([.. selected.Select(change => (change.RawPath, change.Base))]).ConfigureAwait(false);
        }
        catch
        {
            await index.RestoreAsync(ReviewContext.IndexName(decision)).ConfigureAwait(false);
            throw;
        }

        await index.RefreshAsync(selected.Select(change => change.RawPath)).ConfigureAwait(false);
    }

    /// <summary>Completes a rejection that was cut off.</summary>
    public async Task CompleteAsync(Decision open, List<PathChange> selected)
    {
        if (!own.IsWanted || own.Exists)
        {
            var editor = await context.OpenUneditedAsync(context.Repository, selected).ConfigureAwait(false);
            await PutBackAsync(editor, open.Id, selected).ConfigureAwait(false);
        }

        await FinishRejectionAsync(open.Id, open.From, open.Reason).ConfigureAwait(false);
    }

    private async Task PutSetupBackAsync()
    {
        var (done, left) = await context.Setup.PutBackAsync(context.Repository, own.IsWanted, context.Task.Id).ConfigureAwait(false);
        Warn("Put back, because it changed while the task ran", done);
        Warn("Changed while the task ran, and not put back", left);

        void Warn(string what, List<SetupChange> changes)
        {
            if (changes.Count > 0)
            {
                context.Database.Write(connection => EventLog.Append(
                    connection,
                    context.Task.Id,
                    new EventDraft(
                        ClaudeTaskEventKind.Warning, $"{what}: {NameList.Of([.. changes.Select(change => change.ToString())])}.")));
            }
        }
    }

    private async Task FinishRejectionAsync(long decision, ClaudeTaskStatus from, string? reason)
    {
        var decisions = context.Decisions();
        var isAll = context.IsAllDecidedWith(decision);
        if (isAll)
        {
            if (!decisions.Any(item => item.Kind == DecisionKind.Approve))
            {
                await PutSetupBackAsync().ConfigureAwait(false);
            }

            await own.CloseAsync(keepBranch: decisions.Any(item => own.IsOwnBranch(item.Plan))).ConfigureAwait(false);
        }

        context.Database.Write(connection =>
        {
            DecisionTable.Finish(connection, decision, null);
            TaskTable.Set(connection, context.Task.Id, ("rejected_at", DateTime.UtcNow.ToStoreTime()), ("rejection_reason", reason));
            if (!isAll)
            {
                context.GiveLeaseBack(connection, from);
            }
            else if (decisions.Any(item => item.Kind == DecisionKind.Approve))
            {
                context.Move(connection, from, ClaudeTaskStatus.Approved);
                context.Move(connection, ClaudeTaskStatus.Approved, ClaudeTaskStatus.Completed, reason);
            }
            else
            {
                context.Move(connection, from, ClaudeTaskStatus.Rejected, reason);
            }
        });
    }
}
