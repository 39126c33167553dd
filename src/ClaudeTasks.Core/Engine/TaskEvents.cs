using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>
/// Reads and follows the history of tasks. Its observables read nothing before the first subscription, each subscription reads by itself,
/// and disposing it ends its reading. Observers are called on pool threads, one call at a time. A sequence fails when one of its tasks is
/// removed, or the store cannot be read.
/// </summary>
public sealed class TaskEvents
{
    private readonly EngineContext _context;

    internal TaskEvents(EngineContext context) => _context = context;

    /// <summary>Reads the recorded events of a task in order, page by page.</summary>
    /// <param name="id">The task.</param>
    /// <param name="kinds">Only these kinds; all when empty.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IEnumerable<ClaudeTaskEvent> Read(int id, IReadOnlyCollection<ClaudeTaskEventKind> kinds, CancellationToken cancellation)
    {
        var (taskId, after) = (_context.Find(id).Task.TaskId, 0);
        while (_context.Database.Read(connection => EventLog.Read(connection, id, taskId, after, kinds)) is { Count: > 0 } page)
        {
            foreach (var item in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return item;
            }

            after = page[^1].Seq;
        }
    }

    /// <summary>The newest events of a task in order, at most so many, however many it has; none of a task that was removed.</summary>
    /// <param name="task">The task.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="kinds">Only these kinds; all when empty.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    public IReadOnlyList<ClaudeTaskEvent> ReadNewest(
        ClaudeTask task, int count, IReadOnlyCollection<ClaudeTaskEventKind> kinds, int after = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _context.Database.Read(connection => EventLog.ReadNewest(connection, task.Id, task.TaskId, after, kinds, count));
    }

    /// <summary>
    /// Returns tasks with their events: recorded ones first, task by task, then live ones as they are written. A task's update also comes
    /// when its state changes, and after about a second without news. The last update of a removed task says so
    /// (<see cref="ClaudeTaskUpdate.IsRemoved"/>).
    /// </summary>
    /// <param name="tasks">The tasks, as they are known.</param>
    /// <param name="isLast">
    /// Decides, on a pool thread, whether this caught-up update is the last one of its task. The sequence ends with the last update of
    /// every task.
    /// </param>
    /// <param name="kinds">Only events of these kinds; all when empty, no events when null.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    public IObservable<ClaudeTaskUpdate> ObserveUpdates(
        IReadOnlyCollection<ClaudeTask> tasks,
        Func<ClaudeTaskUpdate, bool> isLast,
        IReadOnlyCollection<ClaudeTaskEventKind>? kinds = null,
        int after = 0) =>
        _context.Stream.Observe(tasks, after, kinds, isLast);

    /// <summary>
    /// Returns the events of tasks, recorded ones first and then live ones without a gap, in order within each task. Ends when all tasks
    /// have ended. A task that waits for a person has not.
    /// </summary>
    /// <param name="ids">The tasks.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    /// <param name="kinds">Only these kinds; all when there are none.</param>
    public IObservable<ClaudeTaskEvent> Observe(IEnumerable<int> ids, int after = 0, params ClaudeTaskEventKind[] kinds) =>
        ObserveExisting(ids, update => update.Task.IsEnded, kinds, after).SelectMany(update => update.Events);

    /// <summary>
    /// Returns tasks as they are at the subscription, and again whenever their status changes, or the thing that they wait for. Statuses
    /// that follow each other within some milliseconds may be told as one; the events have all. Ends when all tasks have ended.
    /// </summary>
    /// <param name="ids">The tasks.</param>
    public IObservable<ClaudeTask> ObserveStatus(IEnumerable<int> ids) =>
        ObserveExisting(ids, update => update.Task.IsEnded, kinds: null)
            .Select(update => update.Task)
            .GroupBy(task => task.Id)
            .SelectMany(task => task.DistinctUntilChanged(item => (item.Status, item.WaitingFor, item.IsSuspended)));

    /// <summary>
    /// Returns a task and its events until the machine has nothing more to do for it: a person decides, or it ended. Tells it about once a
    /// second also without news.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="kinds">Only events of these kinds; all when there are none.</param>
    public IObservable<ClaudeTaskUpdate> ObserveRun(int id, params IReadOnlyCollection<ClaudeTaskEventKind> kinds) =>
        ObserveExisting([id], update => update.Task is { IsSettled: true, IsSuspended: false }, kinds);

    /// <summary>Returns a number that changes with every commit to the store; the current one first. Never ends.</summary>
    public IObservable<long> ObserveChanges() => _context.Stream.Changes;

    /// <summary>Waits until each of the tasks is as wanted, or was removed.</summary>
    /// <param name="ids">The tasks.</param>
    /// <param name="isThere">Decides on a task; called on a pool thread.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitUntilAsync(IReadOnlyCollection<int> ids, Func<ClaudeTask, bool> isThere, CancellationToken cancellation)
    {
        var tasks = _context.Database.Read(connection => TaskTable.FindAll(connection, ids));
        await ObserveUpdates(tasks, update => isThere(update.Task)).LastOrDefaultAsync().ToTask(cancellation).ConfigureAwait(false);
    }

    /// <summary>A task that does not exist, or no longer does, is an error of the sequence.</summary>
    private IObservable<ClaudeTaskUpdate> ObserveExisting(
        IEnumerable<int> ids, Func<ClaudeTaskUpdate, bool> isLast, IReadOnlyCollection<ClaudeTaskEventKind>? kinds, int after = 0) =>
        Observable.Defer(() => ObserveUpdates([.. ids.Select(id => _context.Find(id).Task)], isLast, kinds, after))
            .Select(update => update.IsRemoved ? throw EngineContext.NotFound(update.Task.Id) : update);
}
