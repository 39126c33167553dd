using ClaudeTasks.Git;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

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
            using var editor = await WorkTreeEditor.OpenAsync(Repository, _snapshots, _folder).ConfigureAwait(false);
            await RequireUnchangedAsync(editor, selected).ConfigureAwait(false);
            await _commits.KeepAsync(Task.ResultTree!, Task.Task.StartingCommit, Reference).ConfigureAwait(false);
            decision = _database.Write(connection => DecisionTable.Begin(
                connection, Task.Id, DecisionKind.Reject, from, null, reason, [.. selected.Select(change => change.RawPath)]));
            await editor.PutAsync([.. selected.Select(change => (change.RawPath, change.Base))]).ConfigureAwait(false);
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

        FinishRejection(decision.Value, from, reason);
    }

    private void FinishRejection(long decision, ClaudeTaskStatus from, string? reason) => _database.Write(connection =>
    {
        DecisionTable.Finish(connection, decision, null);
        TaskTable.Set(connection, Task.Id, ("rejected_at", DateTime.UtcNow.ToStoreTime()), ("rejection_reason", reason));
        if (IsAllDecided(connection))
        {
            var isApproved = DecisionTable.Read(connection, Task.Id).Any(item => item.Kind == DecisionKind.Approve);
            if (isApproved)
            {
                Move(connection, from, ClaudeTaskStatus.Approved);
            }

            Move(connection, isApproved ? ClaudeTaskStatus.Approved : from, isApproved ? ClaudeTaskStatus.Completed : ClaudeTaskStatus.Rejected, reason);
        }
        else
        {
            GiveLeaseBack(connection, from);
        }
    });
}
