using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>The task's own worktree: made again when it is needed, taken away when everything is decided.</summary>
/// <param name="context">The task under decision.</param>
internal sealed class OwnWorktree(ReviewContext context)
{
    private readonly TaskWorktree? _tree = context.Task.Task is { Worktree: { } folder, Branch: { } branch }
        ? new TaskWorktree(context.Home, folder, branch)
        : null;

    private (string Start, bool HadBranch)? _made;

    /// <summary>Whether the task was started with a worktree of its own.</summary>
    public bool IsWanted => _tree is not null;

    public bool Exists => _tree is { Exists: true };

    /// <summary>The full name of the task's own branch.</summary>
    public string? Branch => _tree?.Reference;

    /// <summary>Our ref that keeps the tip of the task's own branch, if its agent committed there.</summary>
    private string KeptBranch => context.Reference + "-branch";

    /// <summary>Makes the worktree again after it was taken away, with everything in it that was not rejected.</summary>
    public async Task EnsureAsync()
    {
        if (_tree is null or { Exists: true })
        {
            return;
        }

        var start = await context.Home.FindCommitAsync(KeptBranch).ConfigureAwait(false) ?? context.Task.Task.StartingCommit!;
        _made = (start, HadBranch: await context.Home.FindCommitAsync(_tree.Reference).ConfigureAwait(false) is not null);
        context.Use(await _tree.MakeAsync(start).ConfigureAwait(false));
        var rejected = context.Decisions().Where(item => item is { Kind: DecisionKind.Reject, State: DecisionState.Done })
            .SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        var editor = await context.OpenEditorAsync(context.Repository).ConfigureAwait(false);
        await editor.PutAsync(
            [.. context.Changes.Select(change => (change.RawPath, rejected.Contains(change.RawPath) ? change.Base : change.Result))])
            .ConfigureAwait(false);
    }

    /// <summary>Keeps a worktree that was made, because the decision that needs it is complete.</summary>
    public void Keep() => _made = null;

    /// <summary>
    /// Deletes the worktree again, if <see cref="EnsureAsync"/> made it for a decision that was not carried out. A cancellation does not
    /// stop it.
    /// </summary>
    public async Task WithdrawAsync()
    {
        if (_made is not var (start, hadBranch))
        {
            return;
        }

        context.Use(context.Home);
        var tree = new TaskWorktree(context.Home with { Cancellation = default }, context.Task.Task.Worktree!, context.Task.Task.Branch!);
        if (tree.Exists)
        {
            await tree.RemoveAsync().ConfigureAwait(false);
        }

        if (!hadBranch)
        {
            await tree.RemoveBranchAsync(start).ConfigureAwait(false);
        }
    }

    public async Task CloseAsync(bool keepBranch)
    {
        if (_tree is null)
        {
            return;
        }

        if (_tree.Exists
            && await SubmoduleWork
                .FindUnsavedAsync(await context.FindAsync(context.Task.WorkFolder).ConfigureAwait(false))
                .ConfigureAwait(false) is { Count: > 0 } unsaved)
        {
            context.Database.Write(connection => EventLog.Append(
                connection,
                context.Task.Id,
                new EventDraft(ClaudeTaskEventKind.Warning, WorktreeCleanup.Kept(context.Task, unsaved))));
            return;
        }

        var tip = await context.Home.FindCommitAsync(_tree.Reference).ConfigureAwait(false);
        context.Use(context.Home);
        await _tree.RemoveAsync().ConfigureAwait(false);
        if (tip is null || keepBranch)
        {
            return;
        }

        // Commits of the agent's own are no part of what was decided, and no reason to lose them.
        if (tip != context.Task.Task.StartingCommit)
        {
            await context.Home.Git.RunAsync(["update-ref", "--no-deref", KeptBranch, tip]).ConfigureAwait(false);
        }

        await _tree.RemoveBranchAsync(tip).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the commit in the task's own worktree, on top of the branch it goes to, so that hooks see the files and nothing is seen of
    /// it elsewhere until the branch is moved, in one step.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="message">The commit's message.</param>
    /// <param name="hooks">The limits of the user's hooks.</param>
    /// <param name="onMade">Called before the branch moves; returns the plan as it goes on.</param>
    public async Task<(MadeCommit Made, ApprovalPlan Plan)> CommitHomeAsync(
        ApprovalPlan plan, string message, HookLimits hooks, Func<MadeCommit, ApprovalPlan> onMade)
    {
        try
        {
            await context.Repository.Git.RunAsync(["update-ref", "--no-deref", "HEAD", plan.Head!]).ConfigureAwait(false);
            var made = await context.Commits.CommitAsync(plan.Head, plan.Entries, message, context.Trailer, hooks, isOwn: true)
                .ConfigureAwait(false);
            plan = onMade(made);
            var target = plan.Checkout is null
                ? context.Commits
                : context.In(await context.FindAsync(plan.Checkout).ConfigureAwait(false)).Commits;
            await target.MoveAsync(plan.Branch, plan.Head, made.Tip, "commit: a Claude task").ConfigureAwait(false);
            return (made, plan);
        }
        finally
        {
            await ReturnToBranchAsync().ConfigureAwait(false);
        }
    }

    public async Task ReturnToBranchAsync()
    {
        if (_tree is { Exists: true })
        {
            await context.Repository.Git.RunAsync(["symbolic-ref", "HEAD", _tree.Reference]).ConfigureAwait(false);
        }
    }

    public bool IsOwnBranch(string? plan) => _tree is not null && plan is not null && ApprovalPlan.FromJson(plan).Branch == _tree.Reference;
}
