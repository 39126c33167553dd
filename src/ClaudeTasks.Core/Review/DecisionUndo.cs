using ClaudeTasks.Git;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>Takes a decision back.</summary>
/// <param name="context">The task under decision.</param>
/// <param name="own">The task's own worktree.</param>
/// <param name="approval">Knows how a checkout follows a commit.</param>
internal sealed class DecisionUndo(ReviewContext context, OwnWorktree own, Approval approval)
{
    /// <summary>Takes the last decision back, exactly. Whatever speaks against it is found before anything is touched.</summary>
    public async Task UndoAsync()
    {
        var last = context.Decisions().LastOrDefault()
            ?? throw context.Conflict(
                $"Task {context.Task.Id} has no decision to undo.", $"Get-ClaudeTask {context.Task.Id} shows where it is.");
        var selected = context.Changes.Where(change => last.Paths.Contains(change.RawPath)).ToList();
        context.TakeLease();
        try
        {
            await (last.Kind == DecisionKind.Approve ? RequireUndoableAsync(last) : RequirePutBackAsync(selected)).ConfigureAwait(false);
            context.Workspace.Shield();
            context.Database.Write(connection =>
            {
                context.Begin(connection, "Undo");
                DecisionTable.SetState(connection, last.Id, DecisionState.BeingTakenBack);
            });
        }
        catch
        {
            context.Database.Write(connection => context.GiveLeaseBack(connection, context.Task.Task.Status));
            throw;
        }

        await TakeBackAsync(last, selected).ConfigureAwait(false);
    }

    /// <summary>Each step may have been done already, by somebody who was cut off.</summary>
    private async Task TakeBackAsync(Decision decision, List<PathChange> selected)
    {
        if (decision.Kind == DecisionKind.Approve)
        {
            var plan = ApprovalPlan.FromJson(decision.Plan!);
            var top = plan.Tip ?? decision.Commit;
            if (top != plan.Head && await context.Home.FindCommitAsync(plan.Branch).ConfigureAwait(false) == top)
            {
                await context.In(await CheckoutOfAsync(plan).ConfigureAwait(false)).Commits
                    .MoveAsync(plan.Branch, top, plan.Head, "claude-task: taken back").ConfigureAwait(false);
            }

            await approval.SettleAsync(plan, decision.Id, back: true).ConfigureAwait(false);
            await own.EnsureAsync().ConfigureAwait(false);
        }
        else
        {
            await own.EnsureAsync().ConfigureAwait(false);
            await context.PutAsync(context.Repository, selected, back: false).ConfigureAwait(false);
            var index = context.IndexOf(context.Repository);
            await index.RestoreAsync(ReviewContext.IndexName(decision.Id)).ConfigureAwait(false);
            await index.RefreshAsync(selected.Select(change => change.RawPath)).ConfigureAwait(false);
        }

        context.Database.Write(connection =>
        {
            DecisionTable.Remove(connection, decision.Id);
            if (context.Task.Task.Status != decision.From)
            {
                context.Move(connection, context.Task.Task.Status, decision.From, "The decision was taken back.");
            }

            TaskTable.Set(
                connection,
                context.Task.Id,
                ("committed_sha", null),
                ("commit_message", null),
                ("rejected_at", null),
                ("rejection_reason", null));
        });
    }

    /// <summary>Completes an undo that was cut off. Where the branch has moved on from the commit by now, the commit stays.</summary>
    public async Task CompleteAsync(Decision open, List<PathChange> selected)
    {
        if (open.Kind == DecisionKind.Approve
            && ApprovalPlan.FromJson(open.Plan!) is var plan
            && plan.Head != open.Commit
            && await context.Commits.IsOnAsync(open.Commit!, plan.Branch).ConfigureAwait(false)
            && await context.Home.FindCommitAsync(plan.Branch).ConfigureAwait(false) != (plan.Tip ?? open.Commit))
        {
            context.Database.Write(connection => DecisionTable.SetState(connection, open.Id, DecisionState.Done));
            return;
        }

        context.TakeLease();
        await TakeBackAsync(open, selected).ConfigureAwait(false);
    }

    private async Task RequireUndoableAsync(Decision last)
    {
        var plan = ApprovalPlan.FromJson(last.Plan!);
        await context.RequireIndexAsync(plan.Checkout).ConfigureAwait(false);
        if (last.Commit != plan.Head)
        {
            var tip = await (await CheckoutOfAsync(plan).ConfigureAwait(false)).FindCommitAsync(plan.Branch).ConfigureAwait(false);
            if (tip != (plan.Tip ?? last.Commit))
            {
                throw context.Conflict(
                    $"'{Place(plan)}' has moved on since the commit {ReviewContext.Short(plan.Tip ?? last.Commit)}.",
                    $"Take it back with git: git revert {last.Commit}");
            }

            if (await context.Commits.IsPushedAsync(last.Commit!).ConfigureAwait(false))
            {
                throw context.Conflict(
                    $"The commit {ReviewContext.Short(last.Commit)} was pushed already.",
                    $"Take it back with git: git revert {last.Commit}");
            }
        }

        if (plan.Files.Count > 0)
        {
            await context.OpenUneditedAsync(await CheckoutOfAsync(plan).ConfigureAwait(false), plan.Files).ConfigureAwait(false);
        }
    }

    private async Task RequirePutBackAsync(List<PathChange> selected)
    {
        await own.EnsureAsync().ConfigureAwait(false);
        await context.RequireIndexAsync(context.Repository.Root).ConfigureAwait(false);
        var editor = await context.OpenUneditedAsync(context.Repository, selected).ConfigureAwait(false);
        Obstacles.Refuse(context.Repository.Root, ApprovalPlan.EntriesOf(selected), await editor.ReadAsync().ConfigureAwait(false));
    }

    /// <summary>Where the branch is checked out; where it is not, any work tree of the repository serves to move it.</summary>
    private async Task<GitRepository> CheckoutOfAsync(ApprovalPlan plan) =>
        plan.Checkout is { } root && Directory.Exists(root) ? await context.FindAsync(root).ConfigureAwait(false) : context.Home;

    private static string Place(ApprovalPlan plan) => plan.Checkout ?? ApprovalPlanner.ShortName(plan.Branch);
}
