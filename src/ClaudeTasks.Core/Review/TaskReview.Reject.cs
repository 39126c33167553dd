using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <content>Putting back what a task left.</content>
internal sealed partial class TaskReview
{
    /// <summary>Puts the base content of the paths that are still open and match back, and keeps the result under a ref of ours.</summary>
    public async Task RejectAsync(string? reason, Func<string, bool> matches)
    {
        if (Finished == DecisionKind.Reject && Task.Task.IsEnded)
        {
            return;
        }

        RequireStatus("rejected", [ClaudeTaskStatus.WaitingApproval, ClaudeTaskStatus.QaFailed, ClaudeTaskStatus.Failed, ClaudeTaskStatus.Cancelled]);
        var selected = Select(matches);
        TakeLease();
        var from = Task.Task.Status;
        long? decision = null;
        try
        {
            await EnsureWorktreeAsync().ConfigureAwait(false);
            await RequireIndexAsync(Repository.Root).ConfigureAwait(false);
            using var editor = await OpenUneditedAsync(Repository, selected).ConfigureAwait(false);
            await Commits.KeepAsync(Task.ResultTree!, Task.Task.StartingCommit, Reference).ConfigureAwait(false);
            decision = _database.Write(connection => DecisionTable.Begin(
                connection, Task.Id, DecisionKind.Reject, from, null, reason, [.. selected.Select(change => change.RawPath)]));
            await PutBackAsync(editor, decision.Value, selected).ConfigureAwait(false);
        }
        catch
        {
            _database.Write(connection =>
            {
                if (decision is { } id)
                {
                    DecisionTable.Remove(connection, id);
                }

                GiveLeaseBack(connection, from);
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
        var staged = await ReadStagingAsync().ConfigureAwait(false);
        var start = staged.ByTask.Count == 0 ? [] : await Commits.ReadEntriesAsync(Task.Task.StartingCommit).ConfigureAwait(false);
        var index = new UserIndex(Repository, _folder);
        var moves = selected.Select(change =>
        {
            var to = staged.Before.GetValueOrDefault(change.RawPath, TreeReader.At(start, change.RawPath));
            return new PathChange(change.RawPath, staged.ByTask.GetValueOrDefault(change.RawPath, to), to);
        });
        await index.MoveAsync(IndexName(decision), moves).ConfigureAwait(false);
        try
        {
            await editor.PutAsync([.. selected.Select(change => (change.RawPath, change.Base))]).ConfigureAwait(false);
        }
        catch
        {
            await index.RestoreAsync(IndexName(decision)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A rejection that was cut off is finished.</summary>
    private async Task MendRejectionAsync(Decision open, List<PathChange> selected)
    {
        if (_worktree is null or { Exists: true })
        {
            using var editor = await OpenUneditedAsync(Repository, selected).ConfigureAwait(false);
            await PutBackAsync(editor, open.Id, selected).ConfigureAwait(false);
        }

        await FinishRejectionAsync(open.Id, open.From, open.Reason).ConfigureAwait(false);
        Finished = DecisionKind.Reject;
    }

    private async Task FinishRejectionAsync(long decision, ClaudeTaskStatus from, string? reason)
    {
        var decisions = Decisions();
        var isAll = IsAllDecidedWith(decision);
        if (isAll)
        {
            await CloseWorktreeAsync(keepBranch: decisions.Any(item => IsOnOwnBranch(item.Plan))).ConfigureAwait(false);
        }

        _database.Write(connection =>
        {
            DecisionTable.Finish(connection, decision, null);
            TaskTable.Set(connection, Task.Id, ("rejected_at", DateTime.UtcNow.ToStoreTime()), ("rejection_reason", reason));
            if (!isAll)
            {
                GiveLeaseBack(connection, from);
            }
            else if (decisions.Any(item => item.Kind == DecisionKind.Approve))
            {
                Move(connection, from, ClaudeTaskStatus.Approved);
                Move(connection, ClaudeTaskStatus.Approved, ClaudeTaskStatus.Completed, reason);
            }
            else
            {
                Move(connection, from, ClaudeTaskStatus.Rejected, reason);
            }
        });
    }
}
