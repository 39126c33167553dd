using System.Reactive.Linq;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Streaming;

namespace ClaudeTasks.Engine;

/// <summary>
/// Reads and follows the history of tasks. Its observables read nothing before the first subscription, each subscription reads by itself, and
/// disposing it ends its reading. Observers are called on pool threads, one call at a time. A sequence fails when one of its tasks is removed,
/// or the store cannot be read.
/// </summary>
public sealed class TaskEvents
{
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);

    private readonly EngineContext _context;

    internal TaskEvents(EngineContext context) => _context = context;

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
    public IEnumerable<ClaudeTaskEvent> Read(
        IEnumerable<int> ids,
        int after,
        IReadOnlyCollection<ClaudeTaskEventKind> kinds,
        bool follow,
        CancellationToken cancellation,
        Action? whileWaiting = null) => EventStream.Read(
            _context.Database, [.. ids.Select(id => _context.Find(id).Task)], after, kinds, follow, _context.Recovery.Look + whileWaiting, cancellation);

    /// <summary>The newest events of a task in order, at most so many, however many it has; none of a task that was removed.</summary>
    /// <param name="task">The task.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="kinds">Only these kinds; all when empty.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    public IReadOnlyList<ClaudeTaskEvent> ReadNewest(ClaudeTask task, int count, IReadOnlyCollection<ClaudeTaskEventKind> kinds, int after = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _context.Database.Read(connection => EventLog.ReadNewest(connection, task.Id, task.TaskId, after, kinds, count));
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
        ArgumentNullException.ThrowIfNull(isOver);
        using var changes = new ChangeWatcher(_context.Database);
        while (!isOver(_context.Database.Read(connection => TaskTable.FindAll(connection, ids))))
        {
            if (!changes.Wait(LookAround, cancellation))
            {
                _context.Recovery.Look();
            }
        }
    }

    /// <summary>
    /// An endless sequence for who looks now and then and must cost nothing meanwhile: each step tells, without waiting, whether anybody has
    /// committed something to the store since the step before. The first one says so in any case.
    /// </summary>
    public IEnumerable<bool> LookForChanges()
    {
        using var changes = new ChangeWatcher(_context.Database);
        yield return true;
        while (true)
        {
            yield return changes.Wait(TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <summary>
    /// The events of tasks, past ones first and then live ones without a gap, in order within each task. Ends when all tasks have ended; one
    /// that waits for a person has not.
    /// </summary>
    /// <param name="ids">The tasks.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    /// <param name="kinds">Only these kinds; all when there are none.</param>
    public IObservable<ClaudeTaskEvent> Observe(IEnumerable<int> ids, int after = 0, params ClaudeTaskEventKind[] kinds) =>
        ids.Select(id => ObserveTask(id, after, kinds)).Merge().SelectMany(update => update.Events);

    /// <summary>
    /// Tasks as they are at the subscription, and as they have become whenever their status has changed, or what they wait for. Statuses that
    /// follow each other within some milliseconds may be told as one; the events have all. Ends when all tasks have ended.
    /// </summary>
    /// <param name="ids">The tasks.</param>
    public IObservable<ClaudeTask> ObserveStatus(IEnumerable<int> ids) =>
        ids.Select(id => ObserveTask(id, after: int.MaxValue, [])
            .Select(update => update.Task)
            .DistinctUntilChanged(task => (task.Status, task.WaitingFor, task.IsSuspended)))
        .Merge();

    /// <summary>
    /// A task and its events until the machine has nothing more to do for it: a person decides, or it ended. About once a second it is told
    /// also when nothing is new.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="kinds">Only events of these kinds; all when there are none.</param>
    public IObservable<ClaudeTaskUpdate> ObserveRun(int id, params IReadOnlyCollection<ClaudeTaskEventKind> kinds) =>
        ObserveTask(id, after: 0, kinds).TakeUntil(update => update is { IsCaughtUp: true, Task: { IsSettled: true, IsSuspended: false } });

    private IObservable<ClaudeTaskUpdate> ObserveTask(int id, int after, IReadOnlyCollection<ClaudeTaskEventKind> kinds) =>
        TaskObservation.Observe(_context.Database, _context.Changes, id, after, kinds);
}
