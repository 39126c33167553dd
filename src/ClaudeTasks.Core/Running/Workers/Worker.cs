using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// Runs the tasks it was given, in turn, and ends when they have ended. It lives in a process of its own or inside the caller's; the
/// lock it holds is what tells everybody that it lives.
/// </summary>
internal sealed class Worker : IDisposable
{
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QueuePause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a worker's process stays after its last task: a script's next one then need not wait for a process to start.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(10);

    private readonly Database _database;
    private readonly StoreLocation _location;
    private readonly Guid _id;
    private readonly LockFile _lock;
    private readonly bool _isOwnProcess;
    private readonly EventWriter _events;
    private readonly ChangeWatcher _changes;
    private readonly WorkerRuns _runs;
    private readonly Recovery _recovery;
    private readonly WorkerLog _log;
    private readonly object _orphans = new();
    private volatile bool _isTerminating;
    private bool _hasGivenUp;
    private int _atWork;

    private Worker(Database database, StoreLocation location, Guid id, LockFile claim, bool isOwnProcess, IQuestionScript? script)
    {
        _database = database;
        _location = location;
        _id = id;
        _lock = claim;
        _isOwnProcess = isOwnProcess;
        _events = new EventWriter(database);
        _recovery = new Recovery(database, location, AdoptAsync);
        _log = new WorkerLog(location, id, isOwnProcess);
        _changes = new ChangeWatcher(database);
        _runs = new WorkerRuns(new RunContext(database, location, _events, OnAtWork, script), _log, _changes.Wake);
        _log.Write($"Worker {id} started: process {Environment.ProcessId}{(isOwnProcess ? "" : ", inside the caller's")}");
    }

    /// <summary>Takes the worker's lock. Null when another process has given the worker up for dead meanwhile.</summary>
    public static async Task<Worker?> TryStartAsync(
        Database database, StoreLocation location, Guid id, bool isOwnProcess, IQuestionScript? script)
    {
        // A process that looks whether the worker lives holds the lock for a moment.
        if (await Poll.ForLockAsync(location.LockPath(id), LockLimit).ConfigureAwait(false) is not { } claim)
        {
            return null;
        }

        try
        {
            if (database.Write(connection => WorkerTable.SetStarted(connection, id)))
            {
                claim.Note = "";
                return new Worker(database, location, id, claim, isOwnProcess, script);
            }
        }
        catch
        {
            claim.Dispose();
            throw;
        }

        claim.Delete();
        return null;
    }

    /// <summary>Stops what runs and ends; called when the process is asked to end.</summary>
    public void Terminate() => _isTerminating = true;

    /// <exception cref="ClaudeTaskException">
    /// The store fails. What the worker started has ended then, and its files are as they were left.
    /// </exception>
    public async Task RunAsync()
    {
        try
        {
            // The loop has a thread of its own because it waits most of the time. A thread of the pool spins after each wait.
            await Task.Factory.StartNew(RunTasks, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.Write("The worker gives up", e);
            await GiveUpAsync(e).ConfigureAwait(false);
            throw;
        }

        _log.Write("No task is left");
        await Retention.RunIfDueAsync(_database, _location, () => _isTerminating).ConfigureAwait(false);

        // Sessions end without closing anything: whoever copies the one file must get everything that was done.
        _database.CutLog();
    }

    public void Dispose()
    {
        _recovery.Dispose();
        _changes.Dispose();
        _events.Dispose();
        _log.Dispose();
        if (_hasGivenUp)
        {
            _lock.Dispose();
        }
        else
        {
            _lock.Delete();
        }
    }

    private void RunTasks()
    {
        var lookedAround = Stopwatch.StartNew();
        var lastBusy = Stopwatch.GetTimestamp();
        _recovery.Look();
        while (true)
        {
            _runs.ForgetEnded();
            _events.ThrowIfFailed();
            ApplyStops();
            StartWhatMayStart();
            _runs.Look();

            var isIdle = _runs.Ids.Count == 0 && _database.Read(connection => WorkerTable.IsIdle(connection, _id));
            if (!isIdle)
            {
                lastBusy = Stopwatch.GetTimestamp();
            }
            else if ((!_isOwnProcess || _isTerminating || Stopwatch.GetElapsedTime(lastBusy) >= Linger)
                && _database.Write(connection => WorkerTable.RemoveIfIdle(connection, _id)))
            {
                break;
            }

            // A worker that is queued behind others does not react to every change.
            var isInTheQueue = !isIdle && _runs.Ids.Count == 0 && !_database.Read(connection => TaskQueue.IsNext(connection, _id));
            _changes.Wait(isIdle ? Linger : LookAround, default, isInTheQueue ? QueuePause : TimeSpan.Zero);
            if (lookedAround.Elapsed > LookAround)
            {
                // A dead worker's lease or place in the queue may be what ours wait for.
                _recovery.Look();
                lookedAround.Restart();
            }
        }
    }

    /// <summary>
    /// Without the store nothing can be recorded, so nothing may work on: every agent is stopped, and why is left with the lock, where
    /// whoever takes the tasks over finds it.
    /// </summary>
    private async Task GiveUpAsync(Exception e)
    {
        _hasGivenUp = true;
        var text = $"The process that ran it had to end: {e.Message}";
        _runs.StopAll(text);
        _lock.Note = text;
        await _runs.EndedAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void ApplyStops()
    {
        foreach (var (id, suspends) in _database.Read(connection => TaskQueue.StopRequests(connection, _id)))
        {
            _runs.Stop(id, suspends);
        }

        if (!_isTerminating)
        {
            return;
        }

        _runs.StopAll("The process that ran it was asked to end.");
        var unsettled = _database.Read(connection => TaskTable.UnsettledOf(connection, _id));
        foreach (var (task, _, _) in unsettled.Where(task => !_runs.Ids.Contains(task.Id)))
        {
            _database.Write(connection => LostTasks.Hold(connection, task, "The process that was to run it was asked to end."));
        }
    }

    private void StartWhatMayStart()
    {
        foreach (var id in _isTerminating ? [] : _database.Read(connection => TaskTable.AskedForGates(connection, _id)))
        {
            if (!_runs.Ids.Contains(id))
            {
                _runs.Start(id, run => run.RunGatesAsync());
            }
        }

        if (_database.Read(TaskQueue.FindHopeless).Count > 0)
        {
            _database.Write(TaskQueue.EndHopeless);
        }

        // One that paused a moment ago may not have ended its former run yet.
        while (!_isTerminating
            && _database.Read(connection => TaskQueue.Peek(connection, _id, _runs.Ids)) is not null
            && _database.Write(connection => TaskQueue.Take(connection, _id, _runs.Ids)) is { } id)
        {
            _runs.Start(id, run => run.RunAsync());
        }
    }

    /// <summary>Takes waiting tasks over from a worker that is lost.</summary>
    private Task<bool> AdoptAsync(IReadOnlyList<int> tasks)
    {
        _database.Write(connection => WorkerTable.Give(connection, tasks, _id));
        return Task.FromResult(true);
    }

    /// <summary>
    /// An orphan without the cookie may be any agent's or gate's, so it is ended when no other is at work. Inside somebody else's process
    /// there may be children that are none of our business.
    /// </summary>
    private void OnAtWork(bool isAtWork)
    {
        // Under the lock no agent is started while orphans are ended, as its own processes might be taken for some.
        lock (_orphans)
        {
            _atWork += isAtWork ? 1 : -1;
            if (_atWork == 0 && _isOwnProcess)
            {
                OrphanReaper.EndAll(IsWorker);
            }
        }
    }

    /// <summary>One that has just been launched is not recorded yet.</summary>
    private bool IsWorker(ProcessIdentity process) =>
        _database.Read(WorkerTable.All).Exists(worker => worker.Process == process || !worker.Started);
}
