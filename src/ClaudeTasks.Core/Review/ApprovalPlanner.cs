using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Review;

/// <summary>Works out everything that an approval would change, and refuses it where it must not. Changes nothing.</summary>
/// <param name="context">The task under decision.</param>
/// <param name="own">The task's own worktree.</param>
internal sealed class ApprovalPlanner(ReviewContext context, OwnWorktree own)
{
    /// <summary>Plans the approval of some changes.</summary>
    /// <exception cref="ClaudeTaskException">They cannot be approved now.</exception>
    public async Task<ApprovalPlan> PlanAsync(List<PathChange> selected, bool force, bool keepBranch)
    {
        if (!force)
        {
            await RefuseNestedAsync(selected).ConfigureAwait(false);
            await RefuseSetupAsync().ConfigureAwait(false);
            await RefuseDroppedAsync().ConfigureAwait(false);
        }

        return await (!own.IsWanted ? PlanHereAsync(selected, force, "HEAD")
            : keepBranch ? PlanHereAsync(selected, force, own.Branch!)
            : PlanHomeAsync(selected, force)).ConfigureAwait(false);
    }

    /// <summary>The user's commits from before the task must still be below what is committed.</summary>
    private async Task RefuseDroppedAsync()
    {
        if (!own.IsWanted
            && context.Task.Task.StartingCommit is { } start
            && !await context.Commits.IsOnAsync(start, "HEAD").ConfigureAwait(false))
        {
            throw context.Conflict(
                $"The commit {ReviewContext.Short(start)}, on which task {context.Task.Id} began, is no longer below HEAD.",
                $"Look at what is missing: git -C '{context.Repository.Root}' log HEAD..{ReviewContext.Short(start)}. "
                    + $"To commit without it: Approve-ClaudeTask {context.Task.Id} -Force");
        }
    }

    private async Task RefuseSetupAsync()
    {
        var changes = await context.Setup.FindAsync(context.Repository, own.IsWanted).ConfigureAwait(false);
        var deciding = changes.Where(change => change.Decides).Select(change => change.ToString()).ToList();
        if (deciding.Count > 0)
        {
            throw context.Conflict(
                $"While task {context.Task.Id} ran, something changed that decides how its commit is made: {NameList.Of(deciding)}.",
                $"Put it back, then approve again. To commit with it: Approve-ClaudeTask {context.Task.Id} -Force");
        }
    }

    private async Task RefuseNestedAsync(List<PathChange> selected)
    {
        var added = selected.Where(change =>
            change.Result.Mode == TreeEntry.SubmoduleMode && change.Base.Mode != TreeEntry.SubmoduleMode);
        var nested = await SubmoduleWork.FindNestedAsync(context.Repository, added.Select(ReviewContext.Shown)).ConfigureAwait(false);
        if (nested.Count > 0)
        {
            throw context.Conflict(
                $"Task {context.Task.Id} made a repository inside the repository: {NameList.Of(nested)}. A commit holds only a link to it, "
                    + "and a clone gets an empty folder.",
                "Make it a submodule (git submodule add), or delete its .git folder and send Claude a message. "
                    + $"To commit only the link: Approve-ClaudeTask {context.Task.Id} -Force");
        }
    }

    /// <summary>
    /// A commit on what is checked out where the task's changes lie. What the task did to a file that held uncommitted work is carried over
    /// to the committed version, so that the user's work stays uncommitted.
    /// </summary>
    private async Task<ApprovalPlan> PlanHereAsync(List<PathChange> selected, bool force, string branch)
    {
        var head = await context.Repository.ReadHeadAsync().ConfigureAwait(false);
        var committed = await context.Commits.ReadEntriesAsync(head).ConfigureAwait(false);
        var started = head == context.Task.Task.StartingCommit
            ? committed
            : await context.Commits.ReadEntriesAsync(context.Task.Task.StartingCommit).ConfigureAwait(false);
        var staged = await context.IndexOf(context.Repository).ReadAsync().ConfigureAwait(false);
        var byTask = (await context.ReadStagingAsync().ConfigureAwait(false)).ByTask;
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
            return new ApprovalPlan(head, branch, context.Repository.Root, commit, index, []);
        }

        var editor = await context.OpenEditorAsync(context.Repository).ConfigureAwait(false);
        var now = await editor.ReadAsync().ConfigureAwait(false);
        var merge = new ContentMerge(context.Snapshots, context.Workspace);
        var (edited, mixed) = (new List<PathChange>(), new List<PathChange>());
        foreach (var change in selected)
        {
            var path = change.RawPath;
            var (atHead, atStart, inIndex) = (TreeReader.At(committed, path), TreeReader.At(started, path), InIndex(path));
            var wasDirty = !atStart.IsSameAs(change.Base);
            if (!TreeReader.At(now, path).IsSameAs(change.Result)
                || !(ReviewContext.IsOneOf(atHead, change) || (wasDirty && atHead.IsSameAs(atStart)))
                || !(ReviewContext.IsOneOf(inIndex, change) || IsByTask(path) || wasDirty))
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

        context.RefuseEdited(edited, $"Undo those edits, or take the recorded version: Approve-ClaudeTask {context.Task.Id} -Force");
        if (mixed.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.MergeConflict,
                $"What task {context.Task.Id} did cannot be told apart from your uncommitted work in: "
                    + $"{NameList.Of([.. mixed.Select(ReviewContext.Shown)])}.",
                context.Task.Id,
                $"Commit these files yourself, or both together: Approve-ClaudeTask {context.Task.Id} -Force. "
                    + "The other files can be approved with -Path.");
        }

        return new ApprovalPlan(head, branch, context.Repository.Root, commit, index, []);
    }

    /// <summary>A commit on the branch the task started from, wherever that is checked out now.</summary>
    private async Task<ApprovalPlan> PlanHomeAsync(List<PathChange> selected, bool force)
    {
        if (!force)
        {
            var editor = await context.OpenEditorAsync(context.Repository).ConfigureAwait(false);
            var now = await editor.ReadAsync().ConfigureAwait(false);
            context.RefuseEdited(
                selected.Where(change => !TreeReader.At(now, change.RawPath).IsSameAs(change.Result)),
                $"Undo those edits, or take the recorded version: Approve-ClaudeTask {context.Task.Id} -Force");
        }

        var (branch, head, checkout) = await FindTargetAsync().ConfigureAwait(false);
        var start = context.Task.Task.StartingCommit!;
        var work = await context.Snapshots.ReplaceAsync(
            await context.Repository.ReadTreeAsync(start).ConfigureAwait(false), ApprovalPlan.EntriesOf(selected)).ConfigureAwait(false);
        var ours = await context.Commits.MakeOwnAsync(work, start).ConfigureAwait(false);
        var git = await context.Snapshots.Git.FetchingAsync().ConfigureAwait(false);
        var merged = await git.TryRunAsync(
            ["merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", head, ours]).ConfigureAwait(false);
        var fields = merged.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (merged.ExitCode == 1)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.MergeConflict,
                $"'{ShortName(branch)}' changed meanwhile in the same places as task {context.Task.Id}: {NameList.Of(fields[1..])}.",
                context.Task.Id,
                $"Nothing was changed. Keep the work as a branch and merge it by hand: Approve-ClaudeTask {context.Task.Id} -KeepBranch");
        }

        if (merged.ExitCode != 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed, $"git could not try the merge into '{ShortName(branch)}': {merged.Error}", context.Task.Id,
                $"It needs git 2.38. Without it: Approve-ClaudeTask {context.Task.Id} -KeepBranch");
        }

        var commit = await TreeReader.CompareAsync(
            context.Snapshots.Git, await context.Repository.ReadTreeAsync(head).ConfigureAwait(false), fields[0]).ConfigureAwait(false);
        if (checkout is not null)
        {
            await RequireUntouchedAsync(checkout, commit).ConfigureAwait(false);
        }

        return new ApprovalPlan(head, branch, checkout?.Root, commit, checkout is null ? [] : commit, checkout is null ? [] : commit);
    }

    /// <summary>The branch the task started from, its commit, and where it is checked out.</summary>
    private async Task<(string Branch, string Head, GitRepository? Checkout)> FindTargetAsync()
    {
        var hint = $"Keep the work as a branch instead: Approve-ClaudeTask {context.Task.Id} -KeepBranch";
        if (context.Task.Task.StartingBranch is not { } name)
        {
            return await context.Home.FindBranchAsync().ConfigureAwait(false) is null
                && await context.Home.ReadHeadAsync().ConfigureAwait(false) is { } detached
                    ? ("HEAD", detached, context.Home)
                    : throw context.Conflict(
                        $"Task {context.Task.Id} started from a commit on no branch, and '{context.Home.Root}' is on a branch now.", hint);
        }

        var branch = "refs/heads/" + name;
        var head = await context.Home.FindCommitAsync(branch).ConfigureAwait(false)
            ?? throw context.Conflict($"The branch '{name}', from which task {context.Task.Id} started, is gone.", hint);
        return (branch, head, await TaskWorktree.FindCheckoutAsync(context.Home, branch).ConfigureAwait(false));
    }

    /// <summary>A checkout whose files are to follow the commit: nobody may be at work in it, nor have touched those files.</summary>
    private async Task RequireUntouchedAsync(GitRepository checkout, List<PathChange> changes)
    {
        if (context.Database.Read(connection => DecisionTable.FindBusy(connection, context.Task.RepositoryId, checkout.Root)) is { } busy)
        {
            throw context.Conflict(
                $"Task {busy} is at work in '{checkout.Root}'.",
                $"Approve task {context.Task.Id} when it has ended: Wait-ClaudeTask {busy}");
        }

        if (checkout.FindOperation() is { } operation)
        {
            throw context.Conflict($"A {operation.Name} is in progress in '{checkout.Root}'.", $"Finish it first: {operation.Fix}");
        }

        var editor = await context.OpenEditorAsync(checkout).ConfigureAwait(false);
        var now = await editor.ReadAsync().ConfigureAwait(false);
        Obstacles.Refuse(checkout.Root, ApprovalPlan.EntriesOf(changes), now);
        var staged = await context.IndexOf(checkout).ReadAsync().ConfigureAwait(false);
        var touched = changes
            .Where(change => !TreeReader.At(now, change.RawPath).IsSameAs(change.Base)
                || !staged.GetValueOrDefault(change.RawPath, IndexEntry.Nothing).Entry.IsSameAs(change.Base))
            .Select(ReviewContext.Shown).ToList();
        touched.AddRange(await RequireSubmodulesAsync(checkout, changes).ConfigureAwait(false));
        if (touched.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince,
                $"You have uncommitted work in '{checkout.Root}' in files that task {context.Task.Id} changed too: {NameList.Of(touched)}.",
                context.Task.Id,
                "Nothing was changed. Commit it first, or keep the task's work as a branch: "
                    + $"Approve-ClaudeTask {context.Task.Id} -KeepBranch");
        }
    }

    /// <summary>The submodules that are to change and have uncommitted work.</summary>
    /// <exception cref="ClaudeTaskException">One is to get a commit that it does not have.</exception>
    private async Task<List<string>> RequireSubmodulesAsync(GitRepository checkout, List<PathChange> changes)
    {
        var dirty = new List<string>();
        foreach (var change in changes.Where(change =>
            change.Base.Mode == TreeEntry.SubmoduleMode || change.Result.Mode == TreeEntry.SubmoduleMode))
        {
            var (path, commit) = (ReviewContext.Shown(change), change.Result.Id);
            var folder = Path.Combine(checkout.Root, path);
            if (!Path.Exists(Path.Combine(folder, ".git")))
            {
                continue;
            }

            var git = checkout.In(folder);
            if (change.Result.Exists && !await SubmoduleWork.HasCommitAsync(git, commit).ConfigureAwait(false))
            {
                throw context.Conflict(
                    $"Task {context.Task.Id} sets the submodule '{path}' to the commit {ReviewContext.Short(commit)}, "
                        + $"which '{folder}' does not have. Nothing was changed.",
                    $"Bring it there: git -C '{folder}' fetch '{Path.Combine(context.Task.WorkFolder, path)}' {commit}");
            }

            if (await SubmoduleWork.IsDirtyAsync(git).ConfigureAwait(false))
            {
                dirty.Add(path);
            }
        }

        return dirty;
    }

    public static string ShortName(string branch) =>
        branch.StartsWith("refs/heads/", StringComparison.Ordinal) ? branch["refs/heads/".Length..] : branch;
}
