using ClaudeTasks.Git;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <content>Committing, and taking a commit back.</content>
internal sealed partial class TaskReview
{
    /// <summary>Commits the recorded result of the paths that are still open and match.</summary>
    public async Task ApproveAsync(string? message, Func<string, bool> matches, bool force)
    {
        if (Finished == DecisionKind.Approve && Task.Task.IsEnded)
        {
            return;
        }

        RequireStatus("approved", force ? [ClaudeTaskStatus.WaitingApproval, ClaudeTaskStatus.QaFailed] : [ClaudeTaskStatus.WaitingApproval]);
        var selected = Select(matches);
        var head = await _commits.ReadHeadAsync().ConfigureAwait(false);
        var before = await _commits.ReadEntriesAsync(head).ConfigureAwait(false);
        if (!force)
        {
            using var editor = await WorkTreeEditor.OpenAsync(Repository, _snapshots, _folder).ConfigureAwait(false);
            var index = await TreeReader.ReadIndexAsync(Repository.Root).ConfigureAwait(false);
            var now = await TreeReader.ReadTreeAsync(Repository.Root, editor.Tree, _snapshots.Environment).ConfigureAwait(false);
            RefuseEdited(
                selected.Where(change => !CommitMaker.At(now, change.RawPath).IsSameAs(change.Result)
                    || !IsOneOf(CommitMaker.At(before, change.RawPath), change)
                    || !IsOneOf(CommitMaker.At(index, change.RawPath), change)),
                $"Undo those edits, or take the recorded version: Approve-ClaudeTask {Task.Id} -Force");
        }

        var from = Task.Task.Status;
        var decision = _database.Write(connection =>
        {
            Move(connection, from, ClaudeTaskStatus.Approved);
            return DecisionTable.Begin(connection, Task.Id, DecisionKind.Approve, from, head, null, [.. selected.Select(change => change.RawPath)]);
        });
        var text = Message(message);
        string commit;
        try
        {
            commit = await _commits.CommitAsync(head, [.. selected.Select(change => (change.RawPath, change.Result))], text).ConfigureAwait(false);
        }
        catch
        {
            Abandon(decision, from);
            throw;
        }

        await FinishApprovalAsync(decision, from, selected, before, commit, text).ConfigureAwait(false);
    }

    private async Task UndoApprovalAsync(Decision last, List<PathChange> selected)
    {
        if (last.Commit == last.Head)
        {
            return;
        }

        var head = await _commits.ReadHeadAsync().ConfigureAwait(false);
        if (head != last.Commit)
        {
            throw Conflict($"'{Repository.Root}' has moved on since the commit {Short(last.Commit)}.", $"Take it back with git: git revert {last.Commit}");
        }

        if (await _commits.IsPushedAsync(last.Commit!).ConfigureAwait(false))
        {
            throw Conflict($"The commit {Short(last.Commit)} was pushed already.", $"Take it back with git: git revert {last.Commit}");
        }

        var after = await _commits.ReadEntriesAsync(last.Commit).ConfigureAwait(false);
        await _commits.TakeBackAsync(last.Commit!).ConfigureAwait(false);
        var before = await _commits.ReadEntriesAsync(last.Head).ConfigureAwait(false);
        await _commits.AlignIndexAsync(selected.Select(change => change.RawPath), after, before).ConfigureAwait(false);
    }

    private async Task FinishApprovalAsync(
        long decision, ClaudeTaskStatus from, List<PathChange> selected, Dictionary<string, TreeEntry> before, string commit, string message)
    {
        var after = await _commits.ReadEntriesAsync(commit).ConfigureAwait(false);
        await _commits.AlignIndexAsync(selected.Select(change => change.RawPath), before, after).ConfigureAwait(false);
        _database.Write(connection =>
        {
            DecisionTable.Finish(connection, decision, commit);
            Move(connection, ClaudeTaskStatus.Approved, IsAllDecided(connection) ? ClaudeTaskStatus.Completed : from, $"Committed as {Short(commit)}.");
            TaskTable.Set(connection, Task.Id, ("committed_sha", commit), ("commit_message", message));
        });
    }

    private void Abandon(long decision, ClaudeTaskStatus from) => _database.Write(connection =>
    {
        DecisionTable.Remove(connection, decision);
        Move(connection, ClaudeTaskStatus.Approved, from, "The approval was not carried out; nothing changed.");
    });

    private string Message(string? message)
    {
        var text = (message ?? Task.Task.Prompt).Trim();
        var subject = text.Split('\n')[0].Trim();
        var body = message is null && subject.Length > 72 ? $"{subject[..71]}…\n\n{text}" : text;
        return $"{body}\n\n{Trailer}\n";
    }
}
