using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>Commits what a task changed.</summary>
/// <param name="context">The task under decision.</param>
/// <param name="own">The task's own worktree.</param>
internal sealed class Approval(ReviewContext context, OwnWorktree own)
{
    /// <summary>Commits the recorded result of the paths that are still open and match.</summary>
    /// <exception cref="ClaudeTaskException">They cannot be approved, or a hook refused them. Nothing was changed.</exception>
    /// <exception cref="OperationCanceledException">
    /// The caller cancelled it. Either nothing was changed, or the approval is complete.
    /// </exception>
    public async Task ApproveAsync(ApprovalRequest request)
    {
        var selected = Select(request);
        await own.EnsureAsync().ConfigureAwait(false);
        var plan = await new ApprovalPlanner(context, own).PlanAsync(selected, request.Force, request.KeepBranch).ConfigureAwait(false);
        await context.RequireIndexAsync(plan.Checkout).ConfigureAwait(false);

        // The plan names merged content that only this operation has, and must stay readable after a crash.
        context.Snapshots.Keep();
        context.Workspace.Shield();
        var from = context.Task.Task.Status;
        var backTo = request.ByMachine ? ClaudeTaskStatus.WaitingApproval : from;
        var decision = Begin(request, plan, selected, from, backTo);
        var text = CommitMessage.Of(request.Message, context.Task.Task.Prompt, context.Trailer);
        var hooks = request.Hooks with
        {
            Task = context.Task.Task.TaskId,
            Inherited = context.Task.Settings.InheritVariable,
            Folder = await HooksFolder.FindAsync(context.Repository, context.Home).ConfigureAwait(false),
        };
        MadeCommit made;
        try
        {
            (made, plan) = plan.Checkout == context.Repository.Root
                ? await CommitHereAsync(plan, decision, text, hooks).ConfigureAwait(false)
                : await own.CommitHomeAsync(plan, text, hooks, commit => Note(plan, decision, commit)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await RecoverAsync(decision, from, e).ConfigureAwait(false);
            if (e is not ClaudeTaskException || context.Decisions().TrueForAll(item => item.Id != decision))
            {
                await ThrowIfOvertakenAsync(plan, e).ConfigureAwait(false);
                throw;
            }

            return;
        }

        try
        {
            await FinishAsync(decision, backTo, plan, made.Commit, text).ConfigureAwait(false);
        }
        catch (ClaudeTaskException e)
        {
            throw new ClaudeTaskException(
                e.ErrorId,
                $"Task {context.Task.Id} is committed as {ReviewContext.Short(made.Commit)}, but the files could not follow: {e.Message}",
                context.Task.Id,
                $"{e.RecommendedAction} Then complete it: Approve-ClaudeTask {context.Task.Id}".TrimStart(),
                e);
        }
    }

    /// <summary>
    /// Completes an approval that was cut off, where its commit exists. Otherwise undoes it, as nothing was changed then.
    /// </summary>
    /// <param name="open">The decision.</param>
    /// <param name="abandonTo">The task's status without the commit; by default the one that the decision recorded.</param>
    /// <returns>Whether the commit exists.</returns>
    public async Task<bool> CompleteAsync(Decision open, ClaudeTaskStatus? abandonTo = null)
    {
        var plan = ApprovalPlan.FromJson(open.Plan!);
        if (await context.Commits.FindAsync(plan.Branch, plan.Head, context.Trailer).ConfigureAwait(false) is { } commit)
        {
            var message = await context.Commits.ReadMessageAsync(commit).ConfigureAwait(false);
            await FinishAsync(open.Id, open.From, plan, commit, message).ConfigureAwait(false);
            return true;
        }

        await own.ReturnToBranchAsync().ConfigureAwait(false);
        if (plan.Checkout == context.Repository.Root)
        {
            var index = context.IndexOf(context.Repository);
            await index.RestoreAsync(ReviewContext.IndexName(open.Id)).ConfigureAwait(false);
            await index.RefreshAsync(plan.Index.Select(change => change.RawPath)).ConfigureAwait(false);
        }

        context.Database.Write(connection =>
        {
            DecisionTable.Remove(connection, open.Id);
            context.Move(
                connection, ClaudeTaskStatus.Approved, abandonTo ?? open.From, "The approval was not carried out; nothing changed.");
        });
        return false;
    }

    /// <summary>
    /// Commits on what is checked out. Where a hook runs after the commit, the user's index has what is committed before, as in a plain
    /// commit: a hook that commits with that index must not take the task's work back. Elsewhere, the index follows later, so that a commit
    /// of the user's at the same moment takes nothing along.
    /// </summary>
    private async Task<(MadeCommit Made, ApprovalPlan Plan)> CommitHereAsync(
        ApprovalPlan plan, long decision, string text, HookLimits hooks)
    {
        if (hooks.Folder?.Has("post-commit") == true)
        {
            await context.IndexOf(context.Repository).MoveAsync(ReviewContext.IndexName(decision), plan.Index).ConfigureAwait(false);
        }

        var made = await context.Commits.CommitAsync(plan.Head, plan.Entries, text, context.Trailer, hooks, own.IsWanted)
            .ConfigureAwait(false);
        return (made, Note(plan, decision, made));
    }

    /// <summary>Notes what a hook made on top of the commit, so that it can be followed and taken back.</summary>
    private ApprovalPlan Note(ApprovalPlan plan, long decision, MadeCommit made)
    {
        if (made.Tip != made.Commit)
        {
            plan = plan with { Tip = made.Tip };
            context.Database.Write(connection => DecisionTable.SetPlan(connection, decision, plan.ToJson()));
        }

        return plan;
    }

    /// <summary>
    /// After git was ended, or refused: it may have made the commit all the same, as when a post-commit hook takes too long.
    /// </summary>
    private async Task RecoverAsync(long decision, ClaudeTaskStatus from, Exception cause)
    {
        try
        {
            if (await CompleteAsync(context.Decisions().Single(item => item.Id == decision), from).ConfigureAwait(false))
            {
                context.Database.Write(connection => EventLog.Append(
                    connection,
                    context.Task.Id,
                    new EventDraft(ClaudeTaskEventKind.Warning, $"The commit was made, but: {cause.Message}")));
            }
        }
        catch (ClaudeTaskException e)
        {
            throw new ClaudeTaskException(
                e.ErrorId,
                $"The approval of task {context.Task.Id} was cut off ({cause.Message}) and could not be undone: {e.Message}",
                context.Task.Id,
                $"{e.RecommendedAction} Then complete it: Approve-ClaudeTask {context.Task.Id}".TrimStart(),
                e);
        }
    }

    /// <summary>git's own words for a branch that moved under a commit name a lock and no cause.</summary>
    private async Task ThrowIfOvertakenAsync(ApprovalPlan plan, Exception cause)
    {
        if (cause is ClaudeTaskException && await context.Home.FindCommitAsync(plan.Branch).ConfigureAwait(false) != plan.Head)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"'{plan.Checkout ?? ApprovalPlanner.ShortName(plan.Branch)}' got another commit while task {context.Task.Id} was "
                    + "approved, so the task's commit was not made.",
                context.Task.Id,
                $"Approve it again: Approve-ClaudeTask {context.Task.Id}",
                cause);
        }
    }

    private List<PathChange> Select(ApprovalRequest request)
    {
        context.RequireStatus(
            "approved",
            request.ByMachine ? [ClaudeTaskStatus.WaitingQa, ClaudeTaskStatus.QaRunning]
            : request.Force ? [ClaudeTaskStatus.WaitingApproval, ClaudeTaskStatus.QaFailed]
            : [ClaudeTaskStatus.WaitingApproval]);
        if (request.KeepBranch && !own.IsWanted)
        {
            throw context.Conflict(
                $"Task {context.Task.Id} has no branch of its own to keep.",
                "Omit -KeepBranch. It is for tasks that were started with -Worktree.");
        }

        // git's commit would be taken for the end of the operation.
        var isWatched = !own.IsWanted || (own.Exists && !request.Force);
        return !isWatched || context.Repository.FindOperation() is not { } operation
            ? context.Select(request.Matches)
            : throw context.Conflict(
                $"A {operation.Name} is in progress in '{context.Repository.Root}'.", $"Finish it first: {operation.Fix}");
    }

    private long Begin(
        ApprovalRequest request, ApprovalPlan plan, List<PathChange> selected, ClaudeTaskStatus from, ClaudeTaskStatus backTo) =>
        context.Database.Write(connection =>
        {
            if (request.ByMachine
                && (MessageTable.Unsent(connection, context.Task.Id).Count > 0
                    || TaskQueue.StopRequest(connection, context.Task.Id) == false))
            {
                throw context.Conflict(
                    $"Task {context.Task.Id} was not approved, because a message or a request to stop it arrived at the last moment.",
                    $"Get-ClaudeTask {context.Task.Id} shows where it is.");
            }

            context.Begin(connection, request.ByMachine ? "Automatic approval" : "Approval");
            context.Move(connection, from, ClaudeTaskStatus.Approved);
            return DecisionTable.Begin(
                connection,
                context.Task.Id,
                DecisionKind.Approve,
                backTo,
                plan.ToJson(),
                null,
                [.. selected.Select(change => change.RawPath)]);
        });

    private async Task FinishAsync(long decision, ClaudeTaskStatus from, ApprovalPlan plan, string commit, string message)
    {
        plan = await new HookEffects(context).FollowAsync(plan, decision, commit).ConfigureAwait(false);
        await SettleAsync(plan, decision, back: false).ConfigureAwait(false);
        var isAll = context.IsAllDecidedWith(decision);
        if (isAll)
        {
            await own.CloseAsync(keepBranch: context.Decisions().Any(item => own.IsOwnBranch(item.Plan))).ConfigureAwait(false);
        }

        context.Database.Write(connection =>
        {
            DecisionTable.Finish(connection, decision, commit);
            context.Move(connection, ClaudeTaskStatus.Approved, isAll ? ClaudeTaskStatus.Completed : from, Committed(commit, from));
            TaskTable.Set(connection, context.Task.Id, ("committed_sha", commit), ("commit_message", message));
        });
    }

    /// <summary>The checkout's index and files follow the commit, or go back to where they were.</summary>
    public async Task SettleAsync(ApprovalPlan plan, long decision, bool back)
    {
        if (plan.Checkout is null || !Directory.Exists(plan.Checkout))
        {
            return;
        }

        var checkout = await context.FindAsync(plan.Checkout).ConfigureAwait(false);

        // The index first: what it leaves out of a sparse checkout gets no file.
        var index = context.IndexOf(checkout);
        await (back
            ? index.RestoreAsync(ReviewContext.IndexName(decision))
            : index.MoveAsync(ReviewContext.IndexName(decision), plan.Index)).ConfigureAwait(false);
        if (plan.Files.Count > 0)
        {
            await context.PutAsync(checkout, plan.Files, back).ConfigureAwait(false);
        }

        await index.RefreshAsync(plan.Index.Concat(plan.Files).Select(change => change.RawPath)).ConfigureAwait(false);
    }

    private static string Committed(string commit, ClaudeTaskStatus from) =>
        $"Committed as {ReviewContext.Short(commit)}{(from == ClaudeTaskStatus.QaFailed ? ", by force: its gates had failed" : "")}.";
}
