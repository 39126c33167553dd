using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Review;

/// <content>What an approval would change, and why it may not.</content>
internal sealed partial class TaskReview
{
    /// <summary>
    /// A commit on what is checked out where the task's changes lie. What the task did to a file that held uncommitted work is carried over
    /// to the committed version, so that the user's work stays uncommitted.
    /// </summary>
    private async Task<ApprovalPlan> PlanHereAsync(List<PathChange> selected, bool force, string branch)
    {
        var head = await Repository.ReadHeadAsync().ConfigureAwait(false);
        var committed = await Commits.ReadEntriesAsync(head).ConfigureAwait(false);
        var started = head == Task.Task.StartingCommit ? committed : await Commits.ReadEntriesAsync(Task.Task.StartingCommit).ConfigureAwait(false);
        var staged = await new UserIndex(Repository, _folder).ReadAsync().ConfigureAwait(false);
        var byTask = (await ReadStagingAsync().ConfigureAwait(false)).ByTask;
        TreeEntry InIndex(string path) => staged.GetValueOrDefault(path, IndexEntry.Nothing).Entry;
        bool IsByTask(string path) => byTask.TryGetValue(path, out var entry) && entry.IsSameAs(InIndex(path));
        var commit = new List<PathChange>();
        var index = new List<PathChange>();
        if (force)
        {
            commit.AddRange(selected.Select(change => change with { Base = TreeReader.At(committed, change.RawPath) }));
            index.AddRange(commit
                .Where(change => InIndex(change.RawPath).IsSameAs(change.Base) || IsByTask(change.RawPath))
                .Select(change => change with { Base = InIndex(change.RawPath) }));
            return new ApprovalPlan(head, branch, Repository.Root, commit, index, []);
        }

        using var editor = await WorkTreeEditor.OpenAsync(Repository, Snapshots, _folder).ConfigureAwait(false);
        var now = await TreeReader.ReadTreeAsync(Repository.Root, editor.Tree, Snapshots.Environment).ConfigureAwait(false);
        var merge = new ContentMerge(Repository, Snapshots, _folder);
        var (edited, mixed) = (new List<PathChange>(), new List<PathChange>());
        foreach (var change in selected)
        {
            var path = change.RawPath;
            var (atHead, atStart, inIndex) = (TreeReader.At(committed, path), TreeReader.At(started, path), InIndex(path));
            var wasDirty = !atStart.IsSameAs(change.Base);
            if (!TreeReader.At(now, path).IsSameAs(change.Result)
                || !(IsOneOf(atHead, change) || (wasDirty && atHead.IsSameAs(atStart)))
                || !(IsOneOf(inIndex, change) || IsByTask(path) || wasDirty))
            {
                edited.Add(change);
            }
            else if (await merge.CarryAsync(change, atHead).ConfigureAwait(false) is { } toCommit
                && (IsByTask(path) ? toCommit : await merge.CarryAsync(change, inIndex).ConfigureAwait(false)) is { } toIndex)
            {
                commit.Add(new PathChange(path, atHead, toCommit));
                index.Add(new PathChange(path, inIndex, toIndex));
            }
            else
            {
                mixed.Add(change);
            }
        }

        RefuseEdited(edited, $"Undo those edits, or take the recorded version: Approve-ClaudeTask {Task.Id} -Force");
        if (mixed.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.MergeConflict,
                $"What task {Task.Id} did cannot be told apart from your uncommitted work in: {NameList.Of([.. mixed.Select(Shown)])}.",
                Task.Id,
                $"Commit these files yourself, or both together: Approve-ClaudeTask {Task.Id} -Force. The other files can be approved with -Path.");
        }

        return new ApprovalPlan(head, branch, Repository.Root, commit, index, []);
    }

    /// <summary>A commit on the branch the task started from, wherever that is checked out now.</summary>
    private async Task<ApprovalPlan> PlanHomeAsync(List<PathChange> selected, bool force)
    {
        if (!force)
        {
            using var editor = await WorkTreeEditor.OpenAsync(Repository, Snapshots, _folder).ConfigureAwait(false);
            var now = await TreeReader.ReadTreeAsync(Repository.Root, editor.Tree, Snapshots.Environment).ConfigureAwait(false);
            RefuseEdited(
                selected.Where(change => !TreeReader.At(now, change.RawPath).IsSameAs(change.Result)),
                $"Undo those edits, or take the recorded version: Approve-ClaudeTask {Task.Id} -Force");
        }

        var (branch, head, checkout) = await FindTargetAsync().ConfigureAwait(false);
        var start = Task.Task.StartingCommit!;
        var work = await Snapshots.ReplaceAsync(await Repository.ReadTreeAsync(start).ConfigureAwait(false), Entries(selected)).ConfigureAwait(false);
        var ours = await Commits.MakeOwnAsync(work, start).ConfigureAwait(false);
        var merged = await GitProgram.TryRunAsync(
            Repository.Root, ["merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", head, ours], Snapshots.Environment).ConfigureAwait(false);
        var fields = merged.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (merged.ExitCode == 1)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.MergeConflict,
                $"'{ShortName(branch)}' changed meanwhile in the same places as task {Task.Id}: {NameList.Of(fields[1..])}.",
                Task.Id,
                $"Nothing was changed. Keep the work as a branch and merge it by hand: Approve-ClaudeTask {Task.Id} -KeepBranch");
        }

        if (merged.ExitCode != 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed, $"git could not try the merge into '{ShortName(branch)}': {merged.Error}", Task.Id,
                $"It needs git 2.38. Without it: Approve-ClaudeTask {Task.Id} -KeepBranch");
        }

        var commit = await TreeReader.CompareAsync(
            Repository.Root, await Repository.ReadTreeAsync(head).ConfigureAwait(false), fields[0], Snapshots.Environment).ConfigureAwait(false);
        if (checkout is not null)
        {
            await RequireUntouchedAsync(checkout, commit).ConfigureAwait(false);
        }

        return new ApprovalPlan(head, branch, checkout?.Root, commit, checkout is null ? [] : commit, checkout is null ? [] : commit);
    }

    /// <summary>The branch the task started from, its commit, and where it is checked out.</summary>
    private async Task<(string Branch, string Head, GitRepository? Checkout)> FindTargetAsync()
    {
        var hint = $"Keep the work as a branch instead: Approve-ClaudeTask {Task.Id} -KeepBranch";
        if (Task.Task.StartingBranch is not { } name)
        {
            return await _home.FindBranchAsync().ConfigureAwait(false) is null && await _home.ReadHeadAsync().ConfigureAwait(false) is { } detached
                ? ("HEAD", detached, _home)
                : throw Conflict($"Task {Task.Id} started from a commit on no branch, and '{_home.Root}' is on a branch now.", hint);
        }

        var branch = "refs/heads/" + name;
        var head = await _home.FindCommitAsync(branch).ConfigureAwait(false)
            ?? throw Conflict($"The branch '{name}', from which task {Task.Id} started, is gone.", hint);
        return (branch, head, await TaskWorktree.FindCheckoutAsync(_home, branch).ConfigureAwait(false));
    }

    /// <summary>A checkout whose files are to follow the commit: nobody may be at work in it, nor have touched those files.</summary>
    private async Task RequireUntouchedAsync(GitRepository checkout, List<PathChange> changes)
    {
        if (_database.Read(connection => DecisionTable.FindBusy(connection, Task.RepositoryId, checkout.Root)) is { } busy)
        {
            throw Conflict($"Task {busy} is at work in '{checkout.Root}'.", $"Approve task {Task.Id} when it has ended: Wait-ClaudeTask {busy}");
        }

        if (checkout.FindOperation() is { } operation)
        {
            throw Conflict($"A {operation.Name} is in progress in '{checkout.Root}'.", $"Finish it first: {operation.Fix}");
        }

        using var editor = await WorkTreeEditor.OpenAsync(checkout, new SnapshotStore(checkout, _folder), _folder).ConfigureAwait(false);
        var now = await TreeReader.ReadTreeAsync(checkout.Root, editor.Tree, Snapshots.Environment).ConfigureAwait(false);
        Obstacles.Refuse(checkout.Root, Entries(changes), now);
        var staged = await new UserIndex(checkout, _folder).ReadAsync().ConfigureAwait(false);
        var touched = changes
            .Where(change => !TreeReader.At(now, change.RawPath).IsSameAs(change.Base) || !staged.GetValueOrDefault(change.RawPath, IndexEntry.Nothing).Entry.IsSameAs(change.Base))
            .Select(Shown).ToList();
        touched.AddRange(await RequireSubmodulesAsync(checkout, changes).ConfigureAwait(false));
        if (touched.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince,
                $"You have uncommitted work in '{checkout.Root}' in files that task {Task.Id} changed too: {NameList.Of(touched)}.",
                Task.Id,
                $"Nothing was changed. Commit it first, or keep the task's work as a branch: Approve-ClaudeTask {Task.Id} -KeepBranch");
        }
    }

    /// <summary>The submodules that are to change and have uncommitted work.</summary>
    /// <exception cref="ClaudeTaskException">One is to get a commit that it does not have.</exception>
    private async Task<List<string>> RequireSubmodulesAsync(GitRepository checkout, List<PathChange> changes)
    {
        var dirty = new List<string>();
        foreach (var change in changes.Where(change => change.Base.Mode == TreeEntry.SubmoduleMode || change.Result.Mode == TreeEntry.SubmoduleMode))
        {
            var (path, commit) = (Shown(change), change.Result.Id);
            var folder = Path.Combine(checkout.Root, path);
            if (!Path.Exists(Path.Combine(folder, ".git")))
            {
                continue;
            }

            if (change.Result.Exists && !await SubmoduleWork.HasCommitAsync(folder, commit).ConfigureAwait(false))
            {
                throw Conflict(
                    $"Task {Task.Id} sets the submodule '{path}' to the commit {Short(commit)}, which '{folder}' does not have. Nothing was changed.",
                    $"Bring it there: git -C '{folder}' fetch '{Path.Combine(Task.WorkFolder, path)}' {commit}");
            }

            if (await SubmoduleWork.IsDirtyAsync(folder).ConfigureAwait(false))
            {
                dirty.Add(path);
            }
        }

        return dirty;
    }

    private static string ShortName(string branch) => branch.StartsWith("refs/heads/", StringComparison.Ordinal) ? branch["refs/heads/".Length..] : branch;
}
