using ClaudeTasks.Agent;
using ClaudeTasks.Git;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <summary>One task from the moment it has its repository's lease to the moment the machine has nothing more to do for it.</summary>
/// <param name="database">The store.</param>
/// <param name="location">Where the store keeps what is not in it.</param>
/// <param name="events">Takes the task's events.</param>
/// <param name="task">The task.</param>
/// <param name="stop">Tells the task to stop.</param>
/// <param name="onAtWork">Told when something of the task's begins to run, and when it has ended.</param>
internal sealed partial class TaskRun(
    Database database, StoreLocation location, EventWriter events, TaskRecord task, StopSignal stop, Action<bool> onAtWork)
{
    private readonly RunTotals _totals = new(database, task.Id);
    private ClaudeTaskStatus _status = task.Task.Status;
    private readonly List<(string From, string To)> _byGates = [];
    private AgentStart? _agent;

    /// <summary>Runs the task. Whatever happens ends up in the store; only a store that fails is thrown.</summary>
    public async Task RunAsync()
    {
        await GuardAsync(async () =>
        {
            onAtWork(true);
            (GitRepository Repository, AgentSession Session)? ready;
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
                (verdict, result) = await WorkAsync(start.Session, task.Task.Prompt, task.Task.TaskId).ConfigureAwait(false);
            }
            finally
            {
                onAtWork(false);
            }

            await SaveChangesAsync(ready.Value.Repository, result, verdict).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await WorktreeCleanup.AfterRunAsync(database, task.Id).ConfigureAwait(false);
    }

    private async Task GuardAsync(Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.Requested.IsCompleted)
        {
            await MoveAsync(StoppedAs(stop.Reason), stop.Reason, stop.Text).ConfigureAwait(false);
        }
        catch (ClaudeTaskException e)
        {
            await MoveAsync(ClaudeTaskStatus.Failed, ClaudeTaskReason.InternalError, Sentence(e.Message, e.RecommendedAction)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await MoveAsync(ClaudeTaskStatus.Failed, ClaudeTaskReason.InternalError, $"{e.GetType().Name}: {e.Message}").ConfigureAwait(false);
        }
    }

    /// <summary>Everything before the prompt is sent: the checks, the base, the start of the agent and its first exchange.</summary>
    private async Task<(GitRepository Repository, AgentSession Session)?> PrepareAsync()
    {
        var isOwnTree = task.Task.Worktree is not null;
        var checks = new PreFlight(task.Task.Repository, task.Settings.ClaudePath, task.AllowsDirty, isOwnTree);
        await foreach (var check in checks.RunAsync().ConfigureAwait(false))
        {
            stop.Token.ThrowIfCancellationRequested();
            if (!check.Passed)
            {
                await MoveAsync(ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed, Sentence(check.Detail, check.Fix)).ConfigureAwait(false);
                return null;
            }
        }

        var (home, status) = (checks.Repository!, checks.Status!);
        var conversation = Guid.NewGuid();
        Set(("starting_commit", status.Commit), ("starting_branch", status.Branch), ("conversation_id", conversation.ToString()));
        var repository = isOwnTree ? await MakeWorktreeAsync(home, status.Commit!).ConfigureAwait(false) : home;
        Set(("base_tree", await TakeBaseAsync(repository, status).ConfigureAwait(false)));

        _agent = new AgentStart(checks.Program!, task.Settings, repository.Root, task.Task.TaskId, conversation) { Fenced = isOwnTree ? home.Root : null };
        var (session, failure) = await OpenSessionAsync(_agent).ConfigureAwait(false);
        if (session is not null)
        {
            return (repository, session);
        }

        await MoveAsync(ClaudeTaskStatus.Failed, failure.Reason, failure.Text!).ConfigureAwait(false);
        return null;
    }

    /// <summary>Starts an agent and makes the first exchange with it, or says why that went wrong.</summary>
    private async Task<(AgentSession? Session, AgentVerdict Failure)> OpenSessionAsync(AgentStart agent)
    {
        AgentSession session;
        try
        {
            session = AgentSession.Start(agent, Record);
        }
        catch (ClaudeTaskException e)
        {
            return (null, new AgentVerdict(ClaudeTaskReason.StartFailed, Sentence(e.Message, e.RecommendedAction)));
        }

        Set(("agent_process", session.Identity.ToString()));
        Record(new EventDraft(ClaudeTaskEventKind.Process, $"Started {agent.Program} (process {session.Identity.Pid})"));
        try
        {
            var account = await session.InitializeAsync(task.Settings.StartTimeout, stop.Token).ConfigureAwait(false);
            if (account is { IsLoggedIn: true })
            {
                return (session, AgentVerdict.Success);
            }

            await (account is null ? session.StopAsync() : session.FinishAsync()).ConfigureAwait(false);
            var login = PreFlight.LoginResult(account, session.ErrorTail);
            _totals.Save(session, task.Task.Model);
            session.Dispose();
            return (null, new AgentVerdict(account is null ? ClaudeTaskReason.StartFailed : ClaudeTaskReason.PreFlightFailed, Sentence(login.Detail, login.Fix)));
        }
        catch (OperationCanceledException)
        {
            await session.StopAsync().ConfigureAwait(false);
            session.Dispose();
            throw;
        }
    }

    /// <summary>A branch of that name may be somebody's; it is left alone and another one made.</summary>
    private async Task<GitRepository> MakeWorktreeAsync(GitRepository home, string commit)
    {
        var (folder, branch) = (task.Task.Worktree!, task.Task.Branch!);
        for (var i = 2; Path.Exists(folder) || await home.FindCommitAsync("refs/heads/" + branch).ConfigureAwait(false) is not null; i++)
        {
            (folder, branch) = ($"{task.Task.Worktree}-{i}", $"{task.Task.Branch}-{i}");
        }

        Set(("worktree", folder), ("branch", branch));
        return await new TaskWorktree(home, folder, branch).MakeAsync(commit).ConfigureAwait(false);
    }

    private async Task<string> TakeBaseAsync(GitRepository repository, GitStatus status)
    {
        if (task.Task.Worktree is not null || status.IsClean)
        {
            return await repository.ReadTreeAsync(status.Commit).ConfigureAwait(false);
        }

        var (tree, problem) = await new SnapshotStore(repository, location.ObjectsPath(task.Task.TaskId)).TakeAsync(stop.Token).ConfigureAwait(false);
        Record(new EventDraft(ClaudeTaskEventKind.Notice, $"Uncommitted before the task, and no part of its diff: {ResultCapture.Names(status.Dirty)}"));
        if (problem is not null)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Warning, $"The base is not complete; git said: {problem}"));
        }

        return tree;
    }

    /// <summary>Has a prompt worked on, until the agent has ended, and says how that went.</summary>
    private async Task<(AgentVerdict Verdict, AgentResult? Result)> WorkAsync(AgentSession session, string prompt, Guid message)
    {
        using (session)
        {
            AgentVerdict? cut;
            try
            {
                session.SendPrompt(prompt, message);
                cut = await new RunWatch(task.Settings, stop, Record).WaitAsync(session).ConfigureAwait(false);
            }
            catch
            {
                // Whatever failed here, the agent must not work on without anybody who watches it.
                await session.StopAsync().ConfigureAwait(false);
                throw;
            }

            await (cut is null && session.Failure is null ? session.FinishAsync() : session.StopAsync()).ConfigureAwait(false);
            _totals.Save(session, task.Task.Model);
            var verdict = session.Failure is { } failure
                ? new AgentVerdict(ClaudeTaskReason.InternalError, failure.Message)
                : cut ?? AgentVerdict.Of(session.LastResult, session.IsIdle, session.ExitCode, session.ErrorTail);
            return (verdict, session.LastResult);
        }
    }

    /// <summary>Takes the diff, which is kept for every ending, and goes on to the gates or the task's end.</summary>
    private async Task SaveChangesAsync(GitRepository repository, AgentResult? result, AgentVerdict verdict)
    {
        (var changed, verdict) = await CaptureAsync(repository, verdict).ConfigureAwait(false);
        if (!verdict.IsSuccess)
        {
            await MoveAsync(StoppedAs(verdict.Reason), verdict.Reason, verdict.Text!).ConfigureAwait(false);
        }
        else if (changed == 0)
        {
            await MoveAsync(ClaudeTaskStatus.Completed, ClaudeTaskReason.None, NothingChanged(result)).ConfigureAwait(false);
        }
        else
        {
            await MoveAsync(ClaudeTaskStatus.WaitingQa).ConfigureAwait(false);
            await ProveAsync(repository, SelectGates(task.Quality.Gates)).ConfigureAwait(false);
        }
    }

    private async Task<(int? Changed, AgentVerdict Verdict)> CaptureAsync(GitRepository repository, AgentVerdict verdict)
    {
        try
        {
            return (await ResultCapture.SaveAsync(database, location, task.Id, repository, _byGates).ConfigureAwait(false), verdict);
        }
        catch (ClaudeTaskException e) when (e.ErrorId is ClaudeTaskErrorId.GitFailed or ClaudeTaskErrorId.GitUnusable or ClaudeTaskErrorId.RepositoryNotFound)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Error, $"No diff could be taken: {e.Message}"));
            return (null, verdict.IsSuccess ? new AgentVerdict(ClaudeTaskReason.InternalError, $"No diff could be taken: {e.Message}") : verdict);
        }
    }

    private static string NothingChanged(AgentResult? result) => result is { DeniedTools: { Count: > 0 } denied }
        ? $"Nothing was changed. Claude was denied: {string.Join(", ", denied.Distinct())}. Allow what it needs with -AllowedTool or -PermissionMode."
        : "Nothing had to be changed.";

    private static ClaudeTaskStatus StoppedAs(ClaudeTaskReason reason) =>
        reason == ClaudeTaskReason.Stopped ? ClaudeTaskStatus.Cancelled : ClaudeTaskStatus.Failed;

    private async Task MoveAsync(ClaudeTaskStatus to, ClaudeTaskReason reason = ClaudeTaskReason.None, string? text = null)
    {
        try
        {
            await events.FlushAsync().ConfigureAwait(false);
        }
        catch (ClaudeTaskException) when (to == ClaudeTaskStatus.Failed)
        {
            // The lines are lost to the store already; the ending must still be told.
        }

        if (database.Write(connection => TaskTable.Move(connection, task.Id, _status, to, reason, text)))
        {
            _status = to;
        }
        else if (!StatusMoves.IsTerminal(to))
        {
            // Given up for lost by another process, which has told the task's end: there is nothing left to do here.
            throw new InvalidOperationException($"Task {task.Id} was taken over by another process.");
        }
    }

    private void Record(EventDraft draft) => events.Append(task.Id, draft);

    private void Set(params (string, object?)[] values) => database.Write(connection => TaskTable.Set(connection, task.Id, values));

    private static string Sentence(string message, string? fix) => fix is null ? message : $"{message} {fix}";
}
