using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Sends messages to tasks, and suspends, resumes and restarts them.</summary>
public sealed class TaskConversations
{
    private readonly EngineContext _context;
    private readonly TaskGates _gates;

    internal TaskConversations(EngineContext context, TaskGates gates) => (_context, _gates) = (context, gates);

    /// <summary>Returns the agent processes of a task, in order.</summary>
    /// <exception cref="ClaudeTaskException">There is no such task.</exception>
    public IReadOnlyList<ClaudeTaskAttempt> GetAttempts(int id)
    {
        _context.Find(id);
        return _context.Database.Read(connection => AttemptTable.Read(connection, id));
    }

    /// <summary>Sends a message to a task: to the running agent, otherwise as the next turn.</summary>
    /// <exception cref="ClaudeTaskException">The text cannot be sent, or the task has ended; nothing changed.</exception>
    public async Task SayAsync(int id, string text, WorkerHost host, CancellationToken cancellation)
    {
        PromptRules.CheckPrompt(text);
        cancellation.ThrowIfCancellationRequested();
        if (UserOnly.Permits(_context.Find(id).Settings))
        {
            UserOnly.Require(_context.Database, $"A message to task {id}, which has more permissions than the defaults,");
        }

        _context.Recovery.Look();
        var worker = Guid.NewGuid();
        var isNext = _context.Database.Write(connection =>
        {
            // As it is now: it may have gone on since somebody looked at it.
            var status = (TaskTable.Find(connection, id) ?? throw EngineContext.NotFound(id)).Task.Status;
            var isNext = status is ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed;
            if (StatusMoves.IsTerminal(status) || status == ClaudeTaskStatus.Approved)
            {
                throw EngineContext.Conflict(
                    $"Task {id} is {status.ToString().ToLowerInvariant()} and cannot receive messages.",
                    id,
                    $"Continue its conversation in a new task: Start-ClaudeTask '…' -Continue {id}");
            }

            EngineContext.RequireNoDecision(connection, id);
            if (isNext && DecisionTable.Read(connection, id).Count > 0)
            {
                // The changes of another turn to files that were decided on could no longer be reviewed.
                throw EngineContext.Conflict(
                    $"Task {id} is partly decided and cannot receive messages.",
                    id,
                    $"Decide on the rest, then go on in a new task: Start-ClaudeTask '…' -Continue {id}");
            }

            MessageTable.Add(connection, id, text);
            if (isNext)
            {
                TaskTable.Move(connection, id, status, ClaudeTaskStatus.Pending, ClaudeTaskReason.None, "A message brings a further turn.");
                TaskTable.Set(connection, id, ("resumes", true), ("opening", null), ("worker", worker.ToString()));
                WorkerTable.Add(connection, worker);
            }

            return isNext;
        });
        if (isNext)
        {
            await _context.LaunchAsync(worker, host, [id]).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Asks Claude to fix what the required gates found last, as the next turn of the conversation. The gates run again after it.
    /// </summary>
    /// <exception cref="ClaudeTaskException">There is no such task, or none of its gates failed.</exception>
    public async Task RepairAsync(int id, WorkerHost host, CancellationToken cancellation)
    {
        _context.Recovery.Look();
        var status = _context.Find(id).Task.Status;
        var failed = _gates.GetResults(id)
            .GroupBy(result => result.Name, StringComparer.OrdinalIgnoreCase)
            .Select(results => results.Last())
            .Where(result => result is { Passed: false, IsRequired: true })
            .ToList();
        if (status != ClaudeTaskStatus.QaFailed || failed.Count == 0)
        {
            throw EngineContext.Conflict(
                $"Task {id} is {status}, and there is nothing for Claude to fix.",
                id,
                $"Describe what to do: Send-ClaudeTaskMessage {id} '…'");
        }

        await SayAsync(id, RepairPrompt.Of(failed), host, cancellation).ConfigureAwait(false);
    }

    /// <summary>Holds a queued task, or pauses a running one. Its files, its conversation and its hold on the repository stay.</summary>
    /// <exception cref="ClaudeTaskException">There is nothing to pause.</exception>
    public void Suspend(int id)
    {
        _context.Recovery.Look();
        var task = _context.Find(id).Task;
        var isAsked = task.Status switch
        {
            ClaudeTaskStatus.Pending => _context.Database.Write(connection => TaskQueue.Hold(
                connection, id, ClaudeTaskReason.Suspended, $"Suspended on request. Go on with it: Resume-ClaudeTask {id}")),
            ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.Running =>
                _context.Database.Write(connection => TaskQueue.RequestStop(connection, id, suspends: true)),
            _ => false,
        };
        if (!isAsked)
        {
            // It may have moved since.
            task = _context.Find(id).Task;
            throw EngineContext.Conflict(
                $"Task {id} is {(task.IsSuspended ? "suspended already" : task.Status)} and cannot be suspended.",
                id,
                task.IsSuspended
                    ? $"Go on with it: Resume-ClaudeTask {id}"
                    : "Only a queued task, or one whose Claude is at work, can be.");
        }
    }

    /// <summary>Resumes a suspended task in a new worker.</summary>
    /// <exception cref="ClaudeTaskException">It is not suspended, or nothing can run it.</exception>
    public async Task ResumeAsync(int id, WorkerHost host, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _context.Recovery.Look();
        if (!await TryResumeAsync(id, host).ConfigureAwait(false))
        {
            throw EngineContext.Conflict(
                $"Task {id} is {_context.Find(id).Task.Status} and not suspended.", id, $"Get-ClaudeTask {id} tells where it is.");
        }
    }

    /// <summary>Submits the request of an ended task again, as a new task.</summary>
    /// <exception cref="ClaudeTaskException">The task has not ended, or its request is no longer valid.</exception>
    public async Task<ClaudeTask> RestartAsync(int id, WorkerHost host, CancellationToken cancellation)
    {
        _context.Recovery.Look();
        var task = _context.Find(id);
        if (!task.Task.IsEnded)
        {
            throw EngineContext.Conflict(
                $"Task {id} is {task.Task.Status} and has not ended.", id, $"Stop it first (Stop-ClaudeTask {id}), or decide on it.");
        }

        var request = new ClaudeTaskRequest(task.Settings)
        {
            Prompt = task.Task.Prompt,
            Template = task.Task.Template,
            Repository = task.Task.Repository,
            Session = task.Task.Session,
            Continues = task.Task.Continues,
        };
        return await new TaskSubmission(_context, host).AddAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>Resumes a task. Returns false if it is not suspended, or another process has resumed it.</summary>
    internal async Task<bool> TryResumeAsync(int id, WorkerHost host)
    {
        var worker = Guid.NewGuid();
        var isReleased = _context.Database.Write(connection =>
        {
            WorkerTable.Add(connection, worker);
            return TaskQueue.Release(connection, id, worker) || !WorkerTable.RemoveIfIdle(connection, worker);
        });
        if (isReleased)
        {
            await _context.LaunchAsync(worker, host, [id]).ConfigureAwait(false);
        }

        return isReleased;
    }
}
