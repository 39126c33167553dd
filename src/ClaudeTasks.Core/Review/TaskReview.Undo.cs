using ClaudeTasks.Git;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <content>Taking a decision back.</content>
internal sealed partial class TaskReview
{
    /// <summary>Takes the last decision back, exactly. Whatever speaks against it is found before anything is touched.</summary>
    public async Task UndoAsync()
    {
        var last = Decisions().LastOrDefault()
            ?? throw Conflict($"Nothing was decided on task {Task.Id} that could be taken back.", $"Get-ClaudeTask {Task.Id} tells where it is.");
        var selected = Changes.Where(change => last.Paths.Contains(change.RawPath)).ToList();
        TakeLease();
        try
        {
            await (last.Kind == DecisionKind.Approve ? RequireUndoableAsync(last) : RequirePutBackAsync(selected)).ConfigureAwait(false);
        }
        catch
        {
            _database.Write(connection => GiveLeaseBack(connection, Task.Task.Status));
            throw;
        }

        _database.Write(connection => DecisionTable.SetState(connection, last.Id, DecisionState.BeingTakenBack));
        await TakeBackAsync(last, selected).ConfigureAwait(false);
    }

    /// <summary>Each step may have been done already, by somebody who was cut off.</summary>
    private async Task TakeBackAsync(Decision decision, List<PathChange> selected)
    {
        if (decision.Kind == DecisionKind.Approve)
        {
            var plan = ApprovalPlan.FromJson(decision.Plan!);
            if (decision.Commit != plan.Head && await _home.FindCommitAsync(plan.Branch).ConfigureAwait(false) == decision.Commit)
            {
                await In(await CheckoutOfAsync(plan).ConfigureAwait(false)).Commits
                    .MoveAsync(plan.Branch, decision.Commit, plan.Head, "claude-task: taken back").ConfigureAwait(false);
            }

            await SettleAsync(plan, decision.Id, back: true).ConfigureAwait(false);
            await EnsureWorktreeAsync().ConfigureAwait(false);
        }
        else
        {
            await EnsureWorktreeAsync().ConfigureAwait(false);
            await PutAsync(Repository, selected, back: false).ConfigureAwait(false);
            await new UserIndex(Repository, _folder).RestoreAsync(IndexName(decision.Id)).ConfigureAwait(false);
        }

        _database.Write(connection =>
        {
            DecisionTable.Remove(connection, decision.Id);
            if (Task.Task.Status != decision.From)
            {
                Move(connection, Task.Task.Status, decision.From, "The decision was taken back.");
            }

            TaskTable.Set(connection, Task.Id, ("committed_sha", null), ("commit_message", null), ("rejected_at", null), ("rejection_reason", null));
        });
    }

    /// <summary>A taking back that was cut off is finished; where others have built on the commit by now, it stays.</summary>
    private async Task MendUndoAsync(Decision open, List<PathChange> selected)
    {
        if (open.Kind == DecisionKind.Approve
            && ApprovalPlan.FromJson(open.Plan!) is var plan
            && plan.Head != open.Commit
            && await Commits.IsOnAsync(open.Commit!, plan.Branch).ConfigureAwait(false)
            && await _home.FindCommitAsync(plan.Branch).ConfigureAwait(false) != open.Commit)
        {
            _database.Write(connection => DecisionTable.SetState(connection, open.Id, DecisionState.Done));
            return;
        }

        TakeLease();
        await TakeBackAsync(open, selected).ConfigureAwait(false);
    }

    private async Task RequireUndoableAsync(Decision last)
    {
        var plan = ApprovalPlan.FromJson(last.Plan!);
        await RequireIndexAsync(plan.Checkout).ConfigureAwait(false);
        if (last.Commit != plan.Head)
        {
            var tip = await (await CheckoutOfAsync(plan).ConfigureAwait(false)).FindCommitAsync(plan.Branch).ConfigureAwait(false);
            if (tip != last.Commit)
            {
                throw Conflict($"'{Place(plan)}' has moved on since the commit {Short(last.Commit)}.", $"Take it back with git: git revert {last.Commit}");
            }

            if (await Commits.IsPushedAsync(last.Commit!).ConfigureAwait(false))
            {
                throw Conflict($"The commit {Short(last.Commit)} was pushed already.", $"Take it back with git: git revert {last.Commit}");
            }
        }

        if (plan.Files.Count > 0)
        {
            (await OpenUneditedAsync(await CheckoutOfAsync(plan).ConfigureAwait(false), plan.Files).ConfigureAwait(false)).Dispose();
        }
    }

    private async Task RequirePutBackAsync(List<PathChange> selected)
    {
        await EnsureWorktreeAsync().ConfigureAwait(false);
        await RequireIndexAsync(Repository.Root).ConfigureAwait(false);
        using var editor = await OpenUneditedAsync(Repository, selected).ConfigureAwait(false);
        Obstacles.Refuse(Repository.Root, Entries(selected), await TreeReader.ReadTreeAsync(Repository.Root, editor.Tree, Snapshots.Environment).ConfigureAwait(false));
    }

    /// <summary>Where the branch is checked out; where it is not, any work tree of the repository serves to move it.</summary>
    private async Task<GitRepository> CheckoutOfAsync(ApprovalPlan plan) =>
        plan.Checkout is { } root && Directory.Exists(root) ? await GitRepository.FindAsync(root).ConfigureAwait(false) : _home;

    private static string Place(ApprovalPlan plan) => plan.Checkout ?? ShortName(plan.Branch);
}
