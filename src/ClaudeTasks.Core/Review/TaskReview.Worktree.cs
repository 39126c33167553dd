using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <content>The task's own work tree: made again when it is needed, taken away when all is decided.</content>
internal sealed partial class TaskReview
{
    /// <summary>Makes a work tree that was taken away again, with all in it that was not rejected.</summary>
    private async Task EnsureWorktreeAsync()
    {
        if (_worktree is null or { Exists: true })
        {
            return;
        }

        var start = await _home.FindCommitAsync(BranchReference).ConfigureAwait(false) ?? Task.Task.StartingCommit!;
        (Repository, Snapshots, Commits) = In(await _worktree.MakeAsync(start).ConfigureAwait(false));
        var rejected = Decisions().Where(item => item is { Kind: DecisionKind.Reject, State: DecisionState.Done })
            .SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        using var editor = await WorkTreeEditor.OpenAsync(Repository, Snapshots, _folder).ConfigureAwait(false);
        await editor.PutAsync([.. Changes.Select(change => (change.RawPath, rejected.Contains(change.RawPath) ? change.Base : change.Result))])
            .ConfigureAwait(false);
    }

    private async Task CloseWorktreeAsync(bool keepBranch)
    {
        if (_worktree is null)
        {
            return;
        }

        if (_worktree.Exists && await SubmoduleWork.FindUnsavedAsync(await GitRepository.FindAsync(Task.WorkFolder).ConfigureAwait(false)).ConfigureAwait(false) is { Count: > 0 } unsaved)
        {
            _database.Write(connection => EventLog.Append(connection, Task.Id, new EventDraft(ClaudeTaskEventKind.Warning, WorktreeCleanup.Kept(Task, unsaved))));
            return;
        }

        var tip = await _home.FindCommitAsync(_worktree.Reference).ConfigureAwait(false);
        (Repository, Snapshots, Commits) = In(_home);
        await _worktree.RemoveAsync().ConfigureAwait(false);
        if (tip is null || keepBranch)
        {
            return;
        }

        // Commits of the agent's own are no part of what was decided, and no reason to lose them.
        if (tip != Task.Task.StartingCommit)
        {
            await GitProgram.RunAsync(_home.Root, ["update-ref", BranchReference, tip]).ConfigureAwait(false);
        }

        await _worktree.RemoveBranchAsync(tip).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the commit in the task's own work tree, on top of the branch it goes to, so that hooks see the files and nothing is seen of
    /// it elsewhere until the branch is moved, in one step.
    /// </summary>
    private async Task<string> CommitHomeAsync(ApprovalPlan plan, string message)
    {
        try
        {
            await GitProgram.RunAsync(Repository.Root, ["update-ref", "--no-deref", "HEAD", plan.Head!]).ConfigureAwait(false);
            var commit = await Commits.CommitAsync(plan.Head, Entries(plan.Commit), message).ConfigureAwait(false);
            var target = plan.Checkout is null ? Commits : In(await GitRepository.FindAsync(plan.Checkout).ConfigureAwait(false)).Commits;
            await target.MoveAsync(plan.Branch, plan.Head, commit, "commit: a Claude task").ConfigureAwait(false);
            return commit;
        }
        finally
        {
            await ReturnToBranchAsync().ConfigureAwait(false);
        }
    }

    private async Task ReturnToBranchAsync()
    {
        if (_worktree is { Exists: true })
        {
            await GitProgram.RunAsync(Repository.Root, ["symbolic-ref", "HEAD", _worktree.Reference]).ConfigureAwait(false);
        }
    }

    private bool IsOnOwnBranch(string? plan) => _worktree is not null && plan is not null && ApprovalPlan.FromJson(plan).Branch == _worktree.Reference;
}
