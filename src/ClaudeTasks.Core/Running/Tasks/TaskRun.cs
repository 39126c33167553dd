using ClaudeTasks.Agent;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;
using ClaudeTasks.Text;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Running;

/// <summary>
/// One task from the moment it has its repository's lease to the moment the machine has nothing more to do for it, or it pauses.
/// </summary>
/// <param name="context">What the worker shares with its runs.</param>
/// <param name="task">The task.</param>
/// <param name="stop">Tells the task to stop.</param>
internal sealed partial class TaskRun(RunContext context, TaskRecord task, StopSignal stop)
{
    private readonly Database database = context.Database;
    private readonly StoreLocation location = context.Location;
    private readonly List<(string From, string To)> _byGates = [];
    private ClaudeTaskStatus _status = task.Task.Status;
    private Workspace _workspace = null!;
    private AgentStart? _agent;

    /// <summary>Runs the task. Whatever happens ends up in the store; only a store that fails is thrown.</summary>
    public async Task RunAsync()
    {
        await GuardAsync(async () =>
        {
            context.OnAtWork(true);
            (GitRepository Repository, AgentAtWork Agent)? ready;
            AgentVerdict verdict;
            AgentResult? result;
            try
            {
                ready = await PrepareAsync().ConfigureAwait(false);
                if (ready is not { } start)
                {
                    return;
                }

                await MoveAsync(ClaudeTaskStatus.Running).ConfigureAwait(false);
                (verdict, result) = await WorkAsync(start.Agent, Openings()).ConfigureAwait(false);
            }
            finally
            {
                context.OnAtWork(false);
            }

            await ConcludeAsync(ready.Value.Repository, result, verdict).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await WorktreeCleanup.AfterRunAsync(database, task.Id).ConfigureAwait(false);
    }

    /// <summary>Ends a task whose run cannot end it itself; whatever state it is in, it is left in one that a person can act on.</summary>
    public static void Fail(SqliteConnection connection, int task, string text)
    {
        if (TaskTable.StatusOf(connection, task) is not { } status)
        {
            return;
        }

        if (StatusMoves.IsActive(status))
        {
            // What was proved before stays to be decided on.
            var to = status is ClaudeTaskStatus.WaitingQa or ClaudeTaskStatus.QaRunning
                ? ClaudeTaskStatus.QaFailed
                : ClaudeTaskStatus.Failed;
            TaskTable.Move(connection, task, status, to, ClaudeTaskReason.InternalError, text);
        }
        else
        {
            TaskTable.Set(connection, task, ("gate_request", null));
            EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Error, text));
        }
    }

    /// <summary>The boundary of a run: what goes wrong in it ends this task alone.</summary>
    /// <exception cref="ClaudeTaskException">The store fails.</exception>
    private async Task GuardAsync(Func<Task> run)
    {
        try
        {
            // Its result is taken whatever stops the task, so only its own limits end what runs here.
            using (_workspace = Workspace.Open(location.WorkspacesFolder))
            {
                await run().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.Requested.IsCompleted)
        {
            await EndGuardedAsync(new AgentVerdict(stop.Reason, stop.Text)).ConfigureAwait(false);
        }
        catch (ClaudeTaskException e) when (!StoreErrors.IsFailure(e))
        {
            await EndGuardedAsync(
                new AgentVerdict(ClaudeTaskReason.InternalError, Sentence(e.Message, e.RecommendedAction))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await EndGuardedAsync(
                new AgentVerdict(ClaudeTaskReason.InternalError, $"{e.GetType().Name}: {e.Message}")).ConfigureAwait(false);
        }
    }

    private async Task EndGuardedAsync(AgentVerdict verdict)
    {
        try
        {
            // Another process may have moved the task, and so may the step that failed.
            _status = database.Read(connection => TaskTable.StatusOf(connection, task.Id)) ?? _status;
            if (StatusMoves.IsActive(_status) && verdict.Reason != ClaudeTaskReason.InternalError)
            {
                await EndAsync(verdict).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception e) when (!StoreErrors.IsFailure(e))
        {
            verdict = new AgentVerdict(ClaudeTaskReason.InternalError, $"{verdict.Text} {e.Message}");
        }

        await FlushAsync(ClaudeTaskStatus.Failed).ConfigureAwait(false);
        database.Write(connection => Fail(connection, task.Id, verdict.Text!));
    }

    /// <summary>
    /// Takes the diff, which is kept for every ending, and goes on to a pause, a further turn, the gates, or the task's end.
    /// </summary>
    private async Task ConcludeAsync(GitRepository repository, AgentResult? result, AgentVerdict verdict)
    {
        (var changed, verdict) = await CaptureAsync(repository, verdict).ConfigureAwait(false);
        if (!verdict.IsSuccess)
        {
            await EndAsync(verdict).ConfigureAwait(false);
        }
        else if (changed == 0)
        {
            var inSubmodules = await SubmoduleWork.FindUncommittedAsync(repository).ConfigureAwait(false);
            var (moved, isForeign) = await DescribeMoveAsync(repository).ConfigureAwait(false);
            if (isForeign && task.Settings.AutoApprove == true)
            {
                await EndAsync(new AgentVerdict(ClaudeTaskReason.MissingEvidence, $"{moved} No gate has checked them."))
                    .ConfigureAwait(false);
                return;
            }

            await MoveUnlessSpokenToAsync(ClaudeTaskStatus.Completed, text: moved ?? NothingChanged(result, inSubmodules))
                .ConfigureAwait(false);
        }
        else if (await MoveUnlessSpokenToAsync(ClaudeTaskStatus.WaitingQa).ConfigureAwait(false))
        {
            await ProveAsync(repository, SelectGates(task.Settings.Gate)).ConfigureAwait(false);
        }
    }

    private async Task<(int? Changed, AgentVerdict Verdict)> CaptureAsync(GitRepository repository, AgentVerdict verdict)
    {
        try
        {
            return (
                await ResultCapture.SaveAsync(database, location, _workspace, task.Id, repository, _byGates).ConfigureAwait(false),
                verdict);
        }
        catch (ClaudeTaskException e) when (
            e.ErrorId is ClaudeTaskErrorId.GitFailed or ClaudeTaskErrorId.GitUnusable or ClaudeTaskErrorId.RepositoryNotFound)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Error, $"No diff could be taken: {e.Message}"));
            return (
                null,
                verdict.IsSuccess ? new AgentVerdict(ClaudeTaskReason.InternalError, $"No diff could be taken: {e.Message}") : verdict);
        }
    }

    /// <summary>
    /// What became of HEAD, where no file differs in the end, and whether Git does not say that the task moved it. Null when it did not
    /// move.
    /// </summary>
    private async Task<(string? Text, bool IsForeign)> DescribeMoveAsync(GitRepository repository)
    {
        var moves = await ReadMovesAsync(repository).ConfigureAwait(false);
        if (moves.Count == 0)
        {
            return (null, false);
        }

        var (from, to) = (ReviewContext.Short(moves[0].From), ReviewContext.Short(moves[^1].To));
        var range = moves[0].From is null ? to : $"{from}..{to}";
        return (
            $"No change is left to decide on, but HEAD moved from {from} to {to} while the task ran. "
                + $"Look at the commits: {CommandLine.Of(["git", "-C", repository.Root, "log", range])}.",
            moves.Exists(move => !move.IsTasks));
    }

    private Task<List<HeadMove>> ReadMovesAsync(GitRepository repository) => HeadHistory.ReadAsync(
        repository,
        database.Read(connection => TaskTable.Find(connection, task.Id))?.Task.StartingCommit,
        task.Task.TaskId,
        isOwn: task.Task.Worktree is not null);

    private static string NothingChanged(AgentResult? result, List<string> inSubmodules) => inSubmodules.Count > 0
        ? $"Nothing was changed but inside the submodule {NameList.Of(inSubmodules)}, which is left as it is: commit it there."
        : result is { DeniedTools: { Count: > 0 } denied }
        ? $"Nothing was changed. Claude was denied: {string.Join(", ", denied.Distinct())}. "
            + "Allow what it needs with -AllowedTool or -PermissionMode."
        : "Nothing had to be changed.";

    private async Task MoveAsync(ClaudeTaskStatus to, ClaudeTaskReason reason = ClaudeTaskReason.None, string? text = null)
    {
        await FlushAsync(to).ConfigureAwait(false);
        Moved(to, database.Write(connection => TaskTable.Move(connection, task.Id, _status, to, reason, text)));
    }

    private void Moved(ClaudeTaskStatus to, bool isMoved)
    {
        if (isMoved)
        {
            _status = to;
        }
        else if (!StatusMoves.IsTerminal(to))
        {
            // Given up for lost by another process, which has told the task's end: there is nothing left to do here.
            throw new InvalidOperationException($"Task {task.Id} was taken over by another process.");
        }
    }

    private async Task FlushAsync(ClaudeTaskStatus to)
    {
        try
        {
            await context.Events.FlushAsync().ConfigureAwait(false);
        }
        catch (ClaudeTaskException) when (to == ClaudeTaskStatus.Failed)
        {
            // The lines are lost to the store already; the ending must still be told.
        }
    }

    private void Record(EventDraft draft) => context.Events.Append(task.Id, draft);

    private void Set(params (string, object?)[] values) => database.Write(connection => TaskTable.Set(connection, task.Id, values));

    private static string Sentence(string message, string? fix) => fix is null ? message : $"{message} {fix}";
}
