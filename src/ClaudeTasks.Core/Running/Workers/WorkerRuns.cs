using System.Runtime.ExceptionServices;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>The runs of a worker's tasks. Only the worker's own thread may call it.</summary>
/// <param name="context">What the worker shares with its runs.</param>
/// <param name="log">The worker's log.</param>
/// <param name="onEnded">Called on any thread when a run has ended.</param>
internal sealed class WorkerRuns(RunContext context, WorkerLog log, Action onEnded)
{
    private readonly Dictionary<int, (Task Ended, TaskRun Run, StopSignal Stop)> _runs = [];

    /// <summary>The numbers of the tasks whose run is not yet forgotten.</summary>
    public Dictionary<int, (Task Ended, TaskRun Run, StopSignal Stop)>.KeyCollection Ids => _runs.Keys;

    /// <summary>
    /// Starts a run. A task whose record cannot be read fails, and the others go on. A task that was removed meanwhile is ignored.
    /// </summary>
    public void Start(int id, Func<TaskRun, Task> start)
    {
        StopSignal stop;
        TaskRun run;
        try
        {
            if (context.Database.Read(connection => TaskTable.Find(connection, id)) is not { } task)
            {
                log.Write($"Task {id}: it was removed before its run began");
                return;
            }

            stop = new StopSignal();
            run = new TaskRun(context, task, stop);
            log.Write($"Task {id}: begins as {task.Task.Status}");
        }
        catch (Exception e) when (!StoreErrors.IsFailure(e))
        {
            log.Write($"Task {id}: its record cannot be read", e);
            context.Database.Write(connection => TaskRun.Fail(connection, id, $"Its record cannot be read: {e.Message}"));
            return;
        }

        var ended = Task.Run(() => start(run));
        _runs.Add(id, (ended, run, stop));
        ended.ContinueWith(_ => onEnded(), TaskScheduler.Default);
    }

    /// <summary>Pauses or stops a task, if it runs here.</summary>
    public void Stop(int id, bool suspends)
    {
        if (_runs.TryGetValue(id, out var run))
        {
            run.Stop.Request(
                suspends ? ClaudeTaskReason.Suspended : ClaudeTaskReason.Stopped,
                suspends ? "Suspended on request." : "Stopped on request.");
        }
    }

    /// <summary>Stops all runs because the worker ends.</summary>
    public void StopAll(string text)
    {
        foreach (var (_, _, stop) in _runs.Values)
        {
            stop.Request(ClaudeTaskReason.WorkerLost, text);
        }
    }

    /// <summary>Completes when all runs have ended; fails if one of them failed.</summary>
    public Task EndedAsync() => Task.WhenAll(_runs.Values.Select(entry => entry.Ended));

    /// <summary>
    /// Lets each run read its new stops, messages and answers. A run whose data cannot be read is ended, and the others go on.
    /// </summary>
    public void Look()
    {
        foreach (var (id, (_, run, stop)) in _runs)
        {
            try
            {
                run.Look();
            }
            catch (Exception e) when (!StoreErrors.IsFailure(e))
            {
                log.Write($"Task {id}: what came in for it cannot be read", e);
                stop.Request(ClaudeTaskReason.InternalError, $"What came in for the task cannot be read: {e.Message}");
            }
        }
    }

    /// <summary>Forgets the runs that have ended. A run that failed fails its task.</summary>
    /// <exception cref="ClaudeTaskException">A run failed because the store fails.</exception>
    public void ForgetEnded()
    {
        foreach (var (id, (ended, _, stop)) in _runs.Where(entry => entry.Value.Ended.IsCompleted).ToList())
        {
            _runs.Remove(id);
            stop.Dispose();

            var status = context.Database.Read(connection => TaskTable.StatusOf(connection, id));
            log.Write($"Task {id}: its run ended, the task is {status?.ToString() ?? "removed"}");
            if (ended.Exception?.InnerException is not { } error)
            {
                continue;
            }

            log.Write($"Task {id}: its run failed", error);
            if (StoreErrors.IsFailure(error))
            {
                ExceptionDispatchInfo.Throw(error);
            }

            context.Database.Write(connection => TaskRun.Fail(connection, id, $"{error.GetType().Name}: {error.Message}"));
        }
    }
}
