using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <content>Committing.</content>
internal sealed partial class TaskReview
{
    private const int LongestSubject = 72;

    /// <summary>Commits the recorded result of the paths that are still open and match.</summary>
    /// <param name="message">The commit's message; null makes one of the prompt.</param>
    /// <param name="matches">Which paths.</param>
    /// <param name="force">Takes the recorded version of what was edited since.</param>
    /// <param name="keepBranch">Commits to the branch of the task's own work tree.</param>
    /// <param name="byMachine">The task's own run does it, after its gates.</param>
    public async Task ApproveAsync(string? message, Func<string, bool> matches, bool force, bool keepBranch, bool byMachine = false)
    {
        if (Finished == DecisionKind.Approve && Task.Task.IsEnded)
        {
            return;
        }

        RequireStatus(
            "approved",
            byMachine ? [ClaudeTaskStatus.WaitingQa, ClaudeTaskStatus.QaRunning]
            : force ? [ClaudeTaskStatus.WaitingApproval, ClaudeTaskStatus.QaFailed]
            : [ClaudeTaskStatus.WaitingApproval]);
        if (keepBranch && _worktree is null)
        {
            throw Conflict($"Task {Task.Id} has no branch of its own to keep.", "Leave -KeepBranch out; it is for tasks that were started with -Worktree.");
        }

        var selected = Select(matches);
        if (_worktree is null && Repository.FindOperation() is { } operation)
        {
            // git's commit would take itself for the end of it.
            throw Conflict($"A {operation.Name} is in progress in '{Repository.Root}'.", $"Finish it first: {operation.Fix}");
        }

        await EnsureWorktreeAsync().ConfigureAwait(false);
        var plan = _worktree is null ? await PlanHereAsync(selected, force, "HEAD").ConfigureAwait(false)
            : keepBranch ? await PlanHereAsync(selected, force, _worktree.Reference).ConfigureAwait(false)
            : await PlanHomeAsync(selected, force).ConfigureAwait(false);
        await RequireIndexAsync(plan.Checkout).ConfigureAwait(false);

        // Taken back, it waits for a person, whoever approved it.
        var from = Task.Task.Status;
        var backTo = byMachine ? ClaudeTaskStatus.WaitingApproval : from;
        var decision = _database.Write(connection =>
        {
            if (byMachine && (MessageTable.Unsent(connection, Task.Id).Count > 0 || TaskQueue.StopRequest(connection, Task.Id) == false))
            {
                throw Conflict($"Task {Task.Id} was not approved: somebody said something to it, or stopped it, at the last moment.", $"Get-ClaudeTask {Task.Id} tells what becomes of it.");
            }

            Move(connection, from, ClaudeTaskStatus.Approved);
            return DecisionTable.Begin(connection, Task.Id, DecisionKind.Approve, backTo, plan.ToJson(), null, [.. selected.Select(change => change.RawPath)]);
        });
        var text = Message(message);
        string commit;
        try
        {
            commit = plan.Checkout == Repository.Root
                ? await Commits.CommitAsync(plan.Head, Entries(plan.Commit), text).ConfigureAwait(false)
                : await CommitHomeAsync(plan, text).ConfigureAwait(false);
        }
        catch
        {
            Abandon(decision, from);
            throw;
        }

        try
        {
            await FinishApprovalAsync(decision, backTo, plan, commit, text).ConfigureAwait(false);
        }
        catch (ClaudeTaskException e)
        {
            throw new ClaudeTaskException(
                e.ErrorId,
                $"Task {Task.Id} is committed as {Short(commit)}, but what is checked out could not follow: {e.Message}",
                Task.Id,
                $"{e.RecommendedAction} Then finish it: Approve-ClaudeTask {Task.Id}".TrimStart(),
                e);
        }
    }

    /// <summary>An approval that was cut off: finished where its commit is there, else undone, as then nothing was changed.</summary>
    private async Task MendApprovalAsync(Decision open)
    {
        var plan = ApprovalPlan.FromJson(open.Plan!);
        if (await Commits.FindAsync(plan.Branch, plan.Head, Trailer).ConfigureAwait(false) is { } commit)
        {
            var message = await Commits.ReadMessageAsync(commit).ConfigureAwait(false);
            await FinishApprovalAsync(open.Id, open.From, plan, commit, message).ConfigureAwait(false);
            Finished = DecisionKind.Approve;
        }
        else
        {
            await ReturnToBranchAsync().ConfigureAwait(false);
            Abandon(open.Id, open.From);
        }
    }

    private async Task FinishApprovalAsync(long decision, ClaudeTaskStatus from, ApprovalPlan plan, string commit, string message)
    {
        plan = await FollowCommitAsync(plan, decision, commit).ConfigureAwait(false);
        await SettleAsync(plan, decision, back: false).ConfigureAwait(false);
        var isAll = IsAllDecidedWith(decision);
        if (isAll)
        {
            await CloseWorktreeAsync(keepBranch: Decisions().Any(item => IsOnOwnBranch(item.Plan))).ConfigureAwait(false);
        }

        _database.Write(connection =>
        {
            DecisionTable.Finish(connection, decision, commit);
            Move(connection, ClaudeTaskStatus.Approved, isAll ? ClaudeTaskStatus.Completed : from, Committed(commit, from));
            TaskTable.Set(connection, Task.Id, ("committed_sha", commit), ("commit_message", message));
        });
    }

    /// <summary>The checkout's index and files follow the commit, or go back to where they were.</summary>
    private async Task SettleAsync(ApprovalPlan plan, long decision, bool back)
    {
        if (plan.Checkout is null || !Directory.Exists(plan.Checkout))
        {
            return;
        }

        var checkout = await GitRepository.FindAsync(plan.Checkout).ConfigureAwait(false);

        // The index first: what it leaves out of a sparse checkout gets no file.
        var index = new UserIndex(checkout, _folder);
        await (back ? index.RestoreAsync(IndexName(decision)) : index.MoveAsync(IndexName(decision), plan.Index)).ConfigureAwait(false);
        if (plan.Files.Count > 0)
        {
            await PutAsync(checkout, plan.Files, back).ConfigureAwait(false);
        }

        await index.RefreshAsync().ConfigureAwait(false);
    }

    private void Abandon(long decision, ClaudeTaskStatus from) => _database.Write(connection =>
    {
        DecisionTable.Remove(connection, decision);
        Move(connection, ClaudeTaskStatus.Approved, from, "The approval was not carried out; nothing changed.");
    });

    private static string Committed(string commit, ClaudeTaskStatus from) =>
        $"Committed as {Short(commit)}{(from == ClaudeTaskStatus.QaFailed ? ", by force: its gates had failed" : "")}.";

    private string Message(string? message)
    {
        if (message is not null)
        {
            return $"{message.Trim()}\n\n{Trailer}\n";
        }

        // git takes all up to the first blank line for the subject, and its log prints what a terminal would act on.
        var prompt = string.Concat(Task.Task.Prompt.ReplaceLineEndings("\n").Where(character => character is '\n' or '\t' || !char.IsControl(character))).Trim();
        var (subject, rest) = prompt.Split('\n', 2) is [var first, var others] ? (first.Trim(), others.Trim()) : (prompt, "");
        if (subject.Length > LongestSubject)
        {
            (subject, rest) = ($"{subject[..(LongestSubject - 1)]}…", prompt);
        }

        return $"{subject}\n\n{(rest.Length > 0 ? rest + "\n\n" : "")}{Trailer}\n";
    }

    private static (string RawPath, TreeEntry Entry)[] Entries(IEnumerable<PathChange> changes) => [.. changes.Select(change => (change.RawPath, change.Result))];
}
