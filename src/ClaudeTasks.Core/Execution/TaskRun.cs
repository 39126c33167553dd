using System.Globalization;
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
/// <param name="onAgentEnded">Called once, when the task's agent has ended or was never started, before the result is taken.</param>
internal sealed class TaskRun(
    Database database, StoreLocation location, EventWriter events, TaskRecord task, StopSignal stop, Action onAgentEnded)
{
    private ClaudeTaskStatus _status = ClaudeTaskStatus.PreFlight;
    private bool _agentEnded;

    /// <summary>Runs the task. Whatever happens ends up in the store; only a store that fails is thrown.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await PrepareAsync().ConfigureAwait(false) is { } ready)
            {
                await RunAgentAsync(ready.Repository, ready.Session).ConfigureAwait(false);
            }
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
        finally
        {
            AgentEnded();
        }
    }

    private void AgentEnded()
    {
        if (!_agentEnded)
        {
            _agentEnded = true;
            onAgentEnded();
        }
    }

    /// <summary>Everything before the prompt is sent: the checks, the base, the start of the agent and its first exchange.</summary>
    private async Task<(GitRepository Repository, AgentSession Session)?> PrepareAsync()
    {
        var checks = new PreFlight(task.Task.Repository, task.Settings.ClaudePath);
        await foreach (var check in checks.RunAsync().ConfigureAwait(false))
        {
            stop.Token.ThrowIfCancellationRequested();
            if (!check.Passed)
            {
                await MoveAsync(ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed, Sentence(check.Detail, check.Fix)).ConfigureAwait(false);
                return null;
            }
        }

        var (repository, status) = (checks.Repository!, checks.Status!);
        var conversation = Guid.NewGuid();
        var baseTree = await repository.ReadTreeAsync(status.Commit).ConfigureAwait(false);
        Set(
            ("starting_commit", status.Commit),
            ("starting_branch", status.Branch),
            ("base_tree", baseTree),
            ("conversation_id", conversation.ToString()));

        AgentSession session;
        try
        {
            session = AgentSession.Start(checks.Program!, task.Settings, repository.Root, task.Task.TaskId, conversation, Record);
        }
        catch (ClaudeTaskException e)
        {
            await MoveAsync(ClaudeTaskStatus.Failed, ClaudeTaskReason.StartFailed, Sentence(e.Message, e.RecommendedAction)).ConfigureAwait(false);
            return null;
        }

        Set(("agent_process", session.Identity.ToString()));
        Record(new EventDraft(ClaudeTaskEventKind.Process, $"Started {checks.Program} (process {session.Identity.Pid})"));
        try
        {
            var account = await session.InitializeAsync(task.Settings.StartTimeout, stop.Token).ConfigureAwait(false);
            if (account is { IsLoggedIn: true })
            {
                return (repository, session);
            }

            await (account is null ? session.StopAsync() : session.FinishAsync()).ConfigureAwait(false);
            var login = PreFlight.LoginResult(account, session.ErrorTail);
            var reason = account is null ? ClaudeTaskReason.StartFailed : ClaudeTaskReason.PreFlightFailed;
            SaveOutcome(session);
            await MoveAsync(ClaudeTaskStatus.Failed, reason, Sentence(login.Detail, login.Fix)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await session.StopAsync().ConfigureAwait(false);
            session.Dispose();
            throw;
        }

        session.Dispose();
        return null;
    }

    private async Task RunAgentAsync(GitRepository repository, AgentSession session)
    {
        using (session)
        {
            AgentVerdict? cut;
            try
            {
                await MoveAsync(ClaudeTaskStatus.Running).ConfigureAwait(false);
                session.SendPrompt(task.Task.Prompt, task.Task.TaskId);
                cut = await new RunWatch(task.Settings, stop, Record).WaitAsync(session).ConfigureAwait(false);
            }
            catch
            {
                // Whatever failed here, the agent must not work on without anybody who watches it.
                await session.StopAsync().ConfigureAwait(false);
                throw;
            }

            await (cut is null && session.Failure is null ? session.FinishAsync() : session.StopAsync()).ConfigureAwait(false);
            AgentEnded();
            SaveOutcome(session);
            var verdict = session.Failure is { } failure
                ? new AgentVerdict(ClaudeTaskReason.InternalError, failure.Message)
                : cut ?? AgentVerdict.Of(session.LastResult, session.IsIdle, session.ExitCode, session.ErrorTail);
            await SaveChangesAsync(repository, session, verdict).ConfigureAwait(false);
        }
    }

    private void SaveOutcome(AgentSession session)
    {
        var result = session.LastResult;
        Set(
            ("model", session.Model ?? task.Task.Model),
            ("exit_code", session.ExitCode),
            ("result", result?.Text),
            ("turns", result?.Turns),
            ("cost_usd", result?.CostUsd?.ToString(CultureInfo.InvariantCulture)),
            ("input_tokens", result?.InputTokens),
            ("output_tokens", result?.OutputTokens),
            ("cache_read_tokens", result?.CacheReadTokens),
            ("cache_creation_tokens", result?.CacheCreationTokens),
            ("denied_tools", result is null ? null : StoreJson.Write(result.DeniedTools)));
    }

    /// <summary>Takes the diff, which is kept for every ending, and brings the task to its end.</summary>
    private async Task SaveChangesAsync(GitRepository repository, AgentSession session, AgentVerdict verdict)
    {
        int? changed = null;
        try
        {
            changed = await ResultCapture.SaveAsync(database, location, task.Id, repository).ConfigureAwait(false);
        }
        catch (ClaudeTaskException e) when (e.ErrorId is ClaudeTaskErrorId.GitFailed or ClaudeTaskErrorId.GitUnusable or ClaudeTaskErrorId.RepositoryNotFound)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Error, $"No diff could be taken: {e.Message}"));
            verdict = verdict.IsSuccess ? new AgentVerdict(ClaudeTaskReason.InternalError, $"No diff could be taken: {e.Message}") : verdict;
        }

        if (!verdict.IsSuccess)
        {
            await MoveAsync(StoppedAs(verdict.Reason), verdict.Reason, verdict.Text!).ConfigureAwait(false);
        }
        else if (changed == 0)
        {
            await MoveAsync(ClaudeTaskStatus.Completed, ClaudeTaskReason.None, NothingChanged(session.LastResult)).ConfigureAwait(false);
        }
        else
        {
            await MoveAsync(ClaudeTaskStatus.WaitingQa).ConfigureAwait(false);
            await MoveAsync(ClaudeTaskStatus.WaitingApproval).ConfigureAwait(false);
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
