using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Running;
using ClaudeTasks.Store;
using ClaudeTasks.Streaming;

namespace ClaudeTasks.Engine;

/// <summary>
/// The engine's front door: everything that a front end can do with tasks. The store is the only channel to the workers, so any number
/// of engines in any number of processes see the same tasks. Thread-safe.
/// </summary>
public sealed partial class ClaudeTaskEngine : IDisposable
{
    private const int PageRows = 500;
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);

    private readonly Database _database;
    private readonly StoreLocation _location;
    private readonly HashSet<long> _unfinished = [];
    private readonly ChangeSignal _changes;
    private readonly LastWorker _lastWorker;

    private ClaudeTaskEngine(StoreLocation location)
    {
        _location = location;
        _database = Database.Open(location);
        _changes = new ChangeSignal(_database, RecoverLostTasks);
        _lastWorker = new LastWorker(_database, location);
    }

    /// <summary>
    /// Where a worker runs that replaces a lost one whose tasks wait for their moment. Without it they wait for somebody to resume them.
    /// </summary>
    public Func<WorkerHost>? ReplacementHost { get; set; }

    /// <summary>The store's file.</summary>
    public string StorePath => _location.DatabasePath;

    /// <summary>Whether the store's file was deleted or replaced since it was opened, so that another engine must be opened.</summary>
    public bool IsStoreGone => _database.HasMoved;

    /// <summary>The file of the user's store as the environment names it now.</summary>
    public static string FindStorePath() => StoreLocation.Find().DatabasePath;

    /// <summary>Opens the user's store, and makes it when there is none.</summary>
    /// <exception cref="ClaudeTaskException">The store cannot be used; the error says why.</exception>
    public static ClaudeTaskEngine Open() => new(StoreLocation.Prepare());

    /// <summary>What a worker's process does: runs the worker's tasks and returns when they have ended.</summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="script">Runs the users' code that decides questions; null where nothing can.</param>
    public static async Task RunWorkerAsync(Guid worker, IQuestionScript? script = null)
    {
        Worker? running = null;
        DetachedProcess.Enter(() => running?.Terminate());
        using var engine = Open();
        running = await Worker.TryStartAsync(engine._database, engine._location, worker, isOwnProcess: true, script).ConfigureAwait(false);
        if (running is not null)
        {
            using (running)
            {
                await running.RunAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Begins a call that submits tasks.</summary>
    public TaskSubmission Submit(WorkerHost host) => new(_database, _location, host, _lastWorker);

    /// <summary>The task with this number.</summary>
    /// <exception cref="ClaudeTaskException">There is none.</exception>
    public ClaudeTask Get(int id) => Find(id).Task;

    /// <summary>The tasks with these numbers, those that there are.</summary>
    public IReadOnlyList<ClaudeTask> GetAll(IReadOnlyCollection<int> ids) => _database.Read(connection => TaskTable.FindAll(connection, ids));

    /// <summary>The number of the task with this GUID.</summary>
    /// <exception cref="ClaudeTaskException">There is none.</exception>
    public int GetId(Guid taskId) => _database.Read(connection => TaskTable.FindId(connection, taskId)) ?? throw NotFound(taskId);

    /// <summary>The tasks that match, oldest first. They are read in pages, so that no reader holds the store while its caller works.</summary>
    public IEnumerable<ClaudeTask> Query(TaskQuery query)
    {
        var repository = FindRepositoryKey(query);
        var (after, offset, rest) = (0, query.Skip, query.First ?? long.MaxValue);
        while (rest > 0)
        {
            var page = _database.Read(connection => TaskTable.Page(connection, query, repository, after, Math.Min(rest, PageRows), offset));
            foreach (var task in page)
            {
                yield return task;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            (after, offset, rest) = (page[^1].Id, 0, rest - page.Count);
        }
    }

    /// <summary>How many tasks match, before paging.</summary>
    public long Count(TaskQuery query)
    {
        var repository = FindRepositoryKey(query);
        return _database.Read(connection => TaskTable.Count(connection, query, repository));
    }

    /// <summary>
    /// The events of tasks in order, past ones first. When following it blocks for the next ones until the machine has nothing more to do
    /// for any of the tasks: each has settled, or is queued behind one that a person must decide.
    /// </summary>
    /// <param name="ids">The tasks.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    /// <param name="kinds">Only these kinds; all when empty.</param>
    /// <param name="follow">Whether to wait for what comes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="whileWaiting">Called on this thread about once a second while nothing happens.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<ClaudeTaskEvent> ReadEvents(
        IEnumerable<int> ids,
        int after,
        IReadOnlyCollection<ClaudeTaskEventKind> kinds,
        bool follow,
        CancellationToken cancellation,
        Action? whileWaiting = null) =>
        EventStream.Read(_database, [.. ids.Select(Get)], after, kinds, follow, RecoverLostTasks + whileWaiting, cancellation);

    /// <summary>The newest events of a task in order, at most so many, however many it has; none of a task that was removed.</summary>
    /// <param name="task">The task.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="kinds">Only these kinds; all when empty.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    public IReadOnlyList<ClaudeTaskEvent> ReadNewestEvents(ClaudeTask task, int count, IReadOnlyCollection<ClaudeTaskEventKind> kinds, int after = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _database.Read(connection => EventLog.ReadNewest(connection, task.Id, task.TaskId, after, kinds, count));
    }

    /// <summary>
    /// Blocks until <paramref name="isOver"/> says so of the tasks as they are now; it is asked at the start, after every change, and about
    /// once a second.
    /// </summary>
    /// <param name="ids">The tasks. One that is removed meanwhile is left out.</param>
    /// <param name="isOver">Looks at the tasks; called on this thread.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void WaitUntil(IReadOnlyCollection<int> ids, Func<IReadOnlyList<ClaudeTask>, bool> isOver, CancellationToken cancellation)
    {
        using var changes = new ChangeWatcher(_database);
        while (!isOver(GetAll(ids)))
        {
            if (!changes.Wait(LookAround, cancellation))
            {
                RecoverLostTasks();
            }
        }
    }

    /// <summary>
    /// An endless sequence for who looks now and then and must cost nothing meanwhile: each step tells, without waiting, whether anybody has
    /// committed something to the store since the step before. The first one says so in any case.
    /// </summary>
    public IEnumerable<bool> LookForChanges()
    {
        using var changes = new ChangeWatcher(_database);
        yield return true;
        while (true)
        {
            yield return changes.Wait(TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <summary>
    /// The task that a person must decide, or resume, before this queued one can go on; null when the machine can go on by itself.
    /// </summary>
    public ClaudeTask? FindBlocker(ClaudeTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Status == ClaudeTaskStatus.Pending
            ? _database.Read(connection => QueueBlocker.Find(connection, task.Id) is { } blocker ? TaskTable.Find(connection, blocker)?.Task : null)
            : null;
    }

    /// <summary>
    /// Asks for a task to stop. A queued one is cancelled at once, one at work by its worker, and one that waits for a decision gives its
    /// repository back with the files as they are.
    /// </summary>
    /// <returns>False when it had ended already, or its commit is being made.</returns>
    public bool RequestStop(int id)
    {
        RecoverLostTasks();
        while (true)
        {
            var task = Get(id);
            switch (task.Status)
            {
                case var status when StatusMoves.IsTerminal(status) || status == ClaudeTaskStatus.Approved:
                    return false;
                case var status when StatusMoves.IsActive(status):
                    if (_database.Write(connection => TaskQueue.RequestStop(connection, id)))
                    {
                        return true;
                    }

                    break;
                case var status:
                    var text = status != ClaudeTaskStatus.Pending ? "Given up without a decision; its changes are still in the files."
                        : task.StartedAt is null ? "Stopped before its turn came."
                        : "Stopped while it paused; what it had changed is still in the files.";
                    if (_database.Write(connection => TaskTable.Move(
                        connection, id, status, ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped, text)))
                    {
                        WorktreeCleanup.AfterRunAsync(_database, id).GetAwaiter().GetResult();
                        return true;
                    }

                    break;
            }
        }
    }

    /// <summary>Makes every check that a task would go through, without spending anything.</summary>
    /// <param name="folder">A folder in the repository; null leaves the repository out.</param>
    /// <param name="claudePath">The agent's program, or null to look for it.</param>
    public static async Task<IReadOnlyList<PrerequisiteCheck>> CheckPrerequisitesAsync(string? folder, string? claudePath)
    {
        var checks = new PreFlight(folder ?? "", claudePath);
        var results = new List<PrerequisiteCheck> { await PreFlight.CheckGitAsync().ConfigureAwait(false) };
        if (folder is not null && results[0].Passed)
        {
            results.Add(await checks.CheckRepositoryAsync().ConfigureAwait(false));
            if (results[^1].Passed)
            {
                results.Add(checks.CheckOperation());
                results.Add(await checks.CheckTreeAsync().ConfigureAwait(false));
                results.Add(checks.CheckSettings());
            }
        }

        results.Add(await checks.CheckClaudeAsync().ConfigureAwait(false));
        if (results[^1].Passed)
        {
            results.Add(await checks.CheckLoginAsync().ConfigureAwait(false));
        }

        return results;
    }

    /// <summary>
    /// Takes over the tasks of workers that died, and brings decisions that were cut off to their end. Every way of looking at a task does
    /// this, so that none is shown as what it is not.
    /// </summary>
    public void RecoverLostTasks()
    {
        Recovery.RunAsync(_database, _location, Adopt).GetAwaiter().GetResult();
        lock (_unfinished)
        {
            Recovery.FinishDecisionsAsync(_database, _location, _unfinished).GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _changes.Dispose();
        _database.Dispose();
    }

    private TaskRecord Find(int id) => _database.Read(connection => TaskTable.Find(connection, id)) ?? throw NotFound(id);

    /// <summary>The history of a repository that is gone is still found by the folder its tasks ran in.</summary>
    private string? FindRepositoryKey(TaskQuery query)
    {
        try
        {
            return query.Repository is { } folder ? GitRepository.FindAsync(folder).GetAwaiter().GetResult().CommonFolder : null;
        }
        catch (ClaudeTaskException e) when (e.ErrorId == ClaudeTaskErrorId.RepositoryNotFound
            && _database.Read(connection => TaskTable.HasFolder(connection, query.Repository!)))
        {
            return query.Repository;
        }
    }

    internal static ClaudeTaskException NotFound(object id) =>
        new(ClaudeTaskErrorId.TaskNotFound, $"There is no task {id}.", id, "Get-ClaudeTask lists the tasks there are.");
}
