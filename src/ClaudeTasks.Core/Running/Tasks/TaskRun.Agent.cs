using System.Diagnostics;
using ClaudeTasks.Agent;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <content>Getting an agent to work: the checks, the base, its start.</content>
internal sealed partial class TaskRun
{
    /// <summary>Whether the task was at work before and has its base.</summary>
    private bool IsContinued => task.BaseTree is not null;

    /// <summary>Everything before the prompt is sent: the checks, the base, the start of the agent and its first exchange.</summary>
    private async Task<(GitRepository Repository, AgentAtWork Agent)?> PrepareAsync()
    {
        var isOwnTree = task.Task.Worktree is not null;
        var checks = new PreFlight(
            task.Task.Repository, task.Settings.ClaudePath, stop.Token, task.Settings.AllowDirty == true || IsContinued, isOwnTree);
        await foreach (var check in checks.RunAsync().ConfigureAwait(false))
        {
            stop.Token.ThrowIfCancellationRequested();
            if (!check.Passed)
            {
                await EndAsync(new AgentVerdict(ClaudeTaskReason.PreFlightFailed, Sentence(check.Detail, check.Fix))).ConfigureAwait(false);
                return null;
            }
        }

        if (FindConversation() is not { } conversation)
        {
            await EndAsync(new AgentVerdict(
                ClaudeTaskReason.ConversationLost,
                $"Task {task.Task.Continues} ended before it had a conversation that could go on.")).ConfigureAwait(false);
            return null;
        }

        if (database.Read(connection => RunBudget.Of(connection, task)) is { Refusal: { } refusal })
        {
            await EndAsync(refusal).ConfigureAwait(false);
            return null;
        }

        TellWithheld();

        // Only the preparation ends with a stop: the result is taken whatever stops the task.
        var repository = await PrepareTreeAsync(checks, conversation).ConfigureAwait(false) with { Cancellation = default };
        _agent = new AgentStart(checks.Program!, task.Settings, repository.Root, task.Task.TaskId, conversation)
        {
            Resumes = task.Resumes,
            Fenced = isOwnTree ? checks.Repository!.Root : null,
        };
        var (opened, failure) = await OpenSessionAsync(_agent, Purpose()).ConfigureAwait(false);
        if (opened is not null)
        {
            return (repository, opened);
        }

        await EndAsync(failure).ConfigureAwait(false);
        return null;
    }

    /// <summary>Records which variables of a CI service the agent and the gates don't inherit, for a user whose gate misses one.</summary>
    private void TellWithheld()
    {
        var environment = new ProcessStartInfo().Environment;
        if (!IsContinued && ServiceVariables.Withhold(environment, task.Settings.InheritVariable) is { Count: > 0 } withheld)
        {
            Record(new EventDraft(
                ClaudeTaskEventKind.Notice,
                $"Claude Code and gates don't inherit {NameList.Of(withheld)}. To pass one on, name it with -InheritVariable."));
        }
    }

    /// <summary>The conversation that goes on, or a new one. Null when the task it was to go on with has none.</summary>
    private Guid? FindConversation() => !task.Resumes ? Guid.NewGuid()
        : task.Task.ConversationId ?? (task.Task.Continues is { } first
            ? database.Read(connection => TaskTable.Find(connection, first))?.Task.ConversationId
            : null);

    /// <summary>Takes the base, in a work tree of the task's own if it wants one. A stop ends every command in it.</summary>
    private async Task<GitRepository> PrepareTreeAsync(PreFlight checks, Guid conversation)
    {
        var (home, status) = (checks.Repository!, checks.Status!);
        if (IsContinued)
        {
            Set(("conversation_id", conversation.ToString()));
            var own = task.Task.Worktree is null ? home
                : await GitRepository.FindAtAsync(task.WorkFolder, stop.Token).ConfigureAwait(false);
            await ResultCapture.FollowPauseAsync(database, location, _workspace, task, own).ConfigureAwait(false);
            return own;
        }

        Set(("starting_commit", status.Commit), ("starting_branch", status.Branch), ("conversation_id", conversation.ToString()));
        var repository = task.Task.Worktree is null ? home : await MakeWorktreeAsync(home, status.Commit!).ConfigureAwait(false);
        await new TaskSetup(location.ObjectsPath(task.Task.TaskId)).BeginAsync(repository, isOwn: task.Task.Worktree is not null)
            .ConfigureAwait(false);
        Set(("base_tree", await TakeBaseAsync(repository, status).ConfigureAwait(false)));
        return repository;
    }

    /// <summary>A branch of that name may be somebody's; it is left alone and another one made.</summary>
    private async Task<GitRepository> MakeWorktreeAsync(GitRepository home, string commit)
    {
        var (folder, branch) = (task.Task.Worktree!, task.Task.Branch!);
        var taken = await home.ReadBranchesAsync(branch.Split('/')[0]).ConfigureAwait(false);
        if (taken.Contains(branch.Split('/')[0]))
        {
            // A branch of this name leaves no room for branches below it.
            branch = branch.Replace('/', '-');
        }

        var first = branch;
        for (var i = 2; Path.Exists(folder) || taken.Contains(branch); i++)
        {
            (folder, branch) = ($"{task.Task.Worktree}-{i}", $"{first}-{i}");
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

        using var workspace = Workspace.Open(location.WorkspacesFolder, stop.Token);
        var snapshots = new SnapshotStore(repository, location.ObjectsPath(task.Task.TaskId), workspace);
        var (tree, problem) = await snapshots.TakeAsync().ConfigureAwait(false);
        await snapshots.KeepRawAsync(await repository.ReadTreeAsync(status.Commit).ConfigureAwait(false), tree).ConfigureAwait(false);
        snapshots.Keep();
        Record(new EventDraft(
            ClaudeTaskEventKind.Notice, $"Uncommitted before the task, and no part of its diff: {NameList.Of(status.Dirty)}"));
        if (problem is not null)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Warning, $"The base is not complete; git said: {problem}"));
        }

        return tree;
    }

    /// <summary>Starts an agent and makes the first exchange with it, or says why that went wrong.</summary>
    private async Task<(AgentAtWork? Opened, AgentVerdict Failure)> OpenSessionAsync(AgentStart agent, string purpose)
    {
        var (attempt, budget) = RunAttempt.Begin(database, task, purpose);
        if (attempt is null)
        {
            return (null, budget.Refusal!.Value);
        }

        agent = agent with { BudgetUsd = budget.Rest };
        AgentSession? session = null;
        AgentVerdict failure;
        try
        {
            session = AgentSession.Start(agent, Record);
            Set(("agent_process", session.Identity.ToString()));
            Record(new EventDraft(ClaudeTaskEventKind.Process, $"Started {agent.Program} (process {session.Identity.Pid})"));
            var questions = new RunQuestions(database, task, session, Record, context.QuestionScript);
            var account = await session.InitializeAsync(task.Settings.StartTimeout!.Value, stop.Token).ConfigureAwait(false);
            if (account is { IsLoggedIn: true })
            {
                return (new AgentAtWork(session, questions, attempt), AgentVerdict.Success);
            }

            await (account is null ? session.StopAsync() : session.FinishAsync()).ConfigureAwait(false);
            var login = PreFlight.LoginResult(account, session.ErrorTail);
            failure = account is not null ? new AgentVerdict(ClaudeTaskReason.PreFlightFailed, Sentence(login.Detail, login.Fix))
                : agent.Resumes && session.LastResult is { StartupFailure: null } refusal ? ConversationLost(refusal)
                : new AgentVerdict(ClaudeTaskReason.StartFailed, Sentence(login.Detail, login.Fix), IsTransient: true);
        }
        catch (ClaudeTaskException e) when (session is null)
        {
            failure = new AgentVerdict(ClaudeTaskReason.StartFailed, Sentence(e.Message, e.RecommendedAction));
        }
        catch (ClaudeTaskException)
        {
            // The store fails: the agent must not stay without anybody who watches it.
            await session!.StopAsync().ConfigureAwait(false);
            session.Dispose();
            throw;
        }
        catch (OperationCanceledException)
        {
            await session!.StopAsync().ConfigureAwait(false);
            attempt.End(new AgentVerdict(stop.Reason, stop.Text), session, task.Task.Model);
            session.Dispose();
            throw;
        }

        attempt.End(failure, session, task.Task.Model);
        session?.Dispose();
        return (null, failure);
    }

    /// <summary>Has the agent work until it has ended, and says how that went.</summary>
    private async Task<(AgentVerdict Verdict, AgentResult? Result)> WorkAsync(
        AgentAtWork agent, IReadOnlyList<(string Text, Guid Id)> openings)
    {
        var (session, questions, attempt) = agent;
        using (session)
        {
            AgentVerdict? cut;
            try
            {
                foreach (var (text, id) in openings)
                {
                    session.TrySay(text, id);
                }

                // From here on the worker's thread says what comes in.
                _atWork = agent;
                Look();
                var watch = new RunWatch(task.Settings, stop, questions, Record, () => attempt.SaveUsage(session));
                cut = await watch.WaitAsync(session).ConfigureAwait(false);
            }
            catch
            {
                // Whatever failed here, the agent must not work on without anybody who watches it.
                await session.StopAsync().ConfigureAwait(false);
                throw;
            }

            await (session.Failure is not null ? session.StopAsync()
                : cut is null ? session.FinishAsync()
                : cut.Value.Reason == ClaudeTaskReason.Suspended ? session.SuspendAsync(questions.LetGo())
                : session.StopAsync()).ConfigureAwait(false);
            questions.LetGo();
            var verdict = session.Failure is { } failure ? new AgentVerdict(ClaudeTaskReason.InternalError, failure.Message)
                : cut ?? session.Verdict;
            attempt.End(verdict, session, task.Task.Model);
            if (session.HasBegun)
            {
                (_hasBegun, _unsaid) = (true, null);
            }

            TakeBackUnheard(session);
            return (verdict, session.LastResult);
        }
    }

    private static AgentVerdict ConversationLost(AgentResult refusal) => new(
        ClaudeTaskReason.ConversationLost,
        $"The conversation cannot go on: {refusal.FirstError ?? refusal.Text ?? "Claude Code refused to resume it"}. "
            + "Start again with all that Claude must know.");
}
