using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <content>Messages to a task, pauses, and restarts.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>The agent processes of a task, in order.</summary>
    /// <exception cref="ClaudeTaskException">There is no such task.</exception>
    public IReadOnlyList<ClaudeTaskAttempt> GetAttempts(int id)
    {
        Find(id);
        return _database.Read(connection => AttemptTable.Read(connection, id));
    }

    /// <summary>Says something to a task's Claude: at once while it works, else as its next turn.</summary>
    /// <exception cref="ClaudeTaskException">The text cannot be said, or the task has ended; nothing changed.</exception>
    public void Say(int id, string text, WorkerHost host)
    {
        PromptRules.CheckPrompt(text);
        RecoverLostTasks();
        var worker = Guid.NewGuid();
        var isNext = _database.Write(connection =>
        {
            // As it is now: it may have gone on since somebody looked at it.
            var status = (TaskTable.Find(connection, id) ?? throw NotFound(id)).Task.Status;
            var isNext = status is ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed;
            if (StatusMoves.IsTerminal(status) || status == ClaudeTaskStatus.Approved)
            {
                throw Conflict($"Task {id} is {status.ToString().ToLowerInvariant()} and cannot receive messages.", id, $"Continue its conversation in a new task: Start-ClaudeTask '…' -Continue {id}");
            }

            if (isNext && DecisionTable.Read(connection, id).Count > 0)
            {
                // The changes of another turn to files that were decided on could no longer be reviewed.
                throw Conflict($"Task {id} is partly decided and cannot receive messages.", id, $"Decide on the rest, then go on in a new task: Start-ClaudeTask '…' -Continue {id}");
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
            Launch(worker, host, [id]);
        }
    }

    /// <summary>Keeps a queued task from starting, or pauses one at work: its files and conversation stay, and so does its repository.</summary>
    /// <exception cref="ClaudeTaskException">There is nothing to pause.</exception>
    public void Suspend(int id)
    {
        RecoverLostTasks();
        var task = Get(id);
        var isAsked = task.Status switch
        {
            ClaudeTaskStatus.Pending => _database.Write(connection => TaskQueue.Hold(
                connection, id, ClaudeTaskReason.Suspended, $"Suspended on request. Go on with it: Resume-ClaudeTask {id}")),
            ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.Running => _database.Write(connection => TaskQueue.RequestStop(connection, id, suspends: true)),
            _ => false,
        };
        if (!isAsked)
        {
            // It may have moved since.
            task = Get(id);
            throw Conflict(
                $"Task {id} is {(task.IsSuspended ? "suspended already" : task.Status)} and cannot be suspended.",
                id,
                task.IsSuspended ? $"Go on with it: Resume-ClaudeTask {id}" : "Only a queued task, or one whose Claude is at work, can be.");
        }
    }

    /// <summary>Lets a suspended task go on, in a new worker.</summary>
    /// <exception cref="ClaudeTaskException">It is not suspended, or nothing can run it.</exception>
    public void Resume(int id, WorkerHost host)
    {
        RecoverLostTasks();
        if (!TryResume(id, host))
        {
            throw Conflict($"Task {id} is {Get(id).Status} and not suspended.", id, $"Get-ClaudeTask {id} tells where it is.");
        }
    }

    /// <summary>Restarts an ended task as a new task.</summary>
    /// <exception cref="ClaudeTaskException">The task has not ended, or its request can be no task any more.</exception>
    public ClaudeTask Restart(int id, WorkerHost host)
    {
        RecoverLostTasks();
        var task = Find(id);
        if (!task.Task.IsEnded)
        {
            throw Conflict($"Task {id} is {task.Task.Status} and has not ended.", id, $"Stop it first (Stop-ClaudeTask {id}), or decide on it.");
        }

        return Submit(host).Add(new ClaudeTaskRequest(task.Settings)
        {
            Prompt = task.Task.Prompt,
            Template = task.Task.Template,
            Repository = task.Task.Repository,
            Session = task.Task.Session,
            Continues = task.Task.Continues,
        });
    }

    /// <summary>False when it is not suspended, or somebody else has resumed it.</summary>
    private bool TryResume(int id, WorkerHost host)
    {
        var worker = Guid.NewGuid();
        var isReleased = _database.Write(connection =>
        {
            WorkerTable.Add(connection, worker);
            return TaskQueue.Release(connection, id, worker) || !WorkerTable.RemoveIfIdle(connection, worker);
        });
        if (isReleased)
        {
            Launch(worker, host, [id]);
        }

        return isReleased;
    }

    /// <summary>Starts a worker for tasks that are given to it; where that fails, they wait for somebody to resume them.</summary>
    private void Launch(Guid worker, WorkerHost host, IReadOnlyList<int> tasks) =>
        new WorkerLauncher(_database, _location, host).StartAsync(worker, () => _database.Write(connection =>
        {
            foreach (var task in tasks)
            {
                TaskQueue.Hold(connection, task, ClaudeTaskReason.Suspended, $"No worker could be started for it. Go on with it: Resume-ClaudeTask {task}");
            }

            WorkerTable.RemoveIfIdle(connection, worker);
        })).GetAwaiter().GetResult();

    private bool Adopt(IReadOnlyList<int> tasks)
    {
        if (ReplacementHost is not { } host)
        {
            return false;
        }

        var worker = Guid.NewGuid();
        _database.Write(connection =>
        {
            WorkerTable.Add(connection, worker);
            WorkerTable.Give(connection, tasks, worker);
        });
        Launch(worker, host(), tasks);
        return true;
    }

    private static ClaudeTaskException Conflict(string message, int id, string fix) => new(ClaudeTaskErrorId.TaskStateConflict, message, id, fix);
}
