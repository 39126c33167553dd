using System.Reactive.Linq;
using ClaudeTasks.Model;
using ClaudeTasks.Streaming;

namespace ClaudeTasks.Engine;

/// <content>
/// Tasks as Rx observables. Nothing is read before somebody subscribes, every subscription reads by itself, and disposing it ends its
/// reading. Observers are called on pool threads, one call at a time. A sequence fails when one of its tasks is removed, or the store
/// cannot be read.
/// </content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>
    /// The events of tasks, past ones first and then live ones without a gap, in order within each task. Ends when all tasks have ended; one
    /// that waits for a person has not.
    /// </summary>
    /// <param name="ids">The tasks.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    /// <param name="kinds">Only these kinds; all when there are none.</param>
    public IObservable<ClaudeTaskEvent> ObserveEvents(IEnumerable<int> ids, int after = 0, params ClaudeTaskEventKind[] kinds) =>
        ids.Select(id => Observe(id, after, kinds)).Merge().SelectMany(update => update.Events);

    /// <summary>
    /// Tasks as they are at the subscription, and as they have become whenever their status has changed, or what they wait for. Statuses that
    /// follow each other within some milliseconds may be told as one; the events have all. Ends when all tasks have ended.
    /// </summary>
    /// <param name="ids">The tasks.</param>
    public IObservable<ClaudeTask> ObserveStatus(IEnumerable<int> ids) =>
        ids.Select(id => Observe(id, after: int.MaxValue, [])
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
        Observe(id, after: 0, kinds).TakeUntil(update => update is { IsCaughtUp: true, Task: { IsSettled: true, IsSuspended: false } });

    private IObservable<ClaudeTaskUpdate> Observe(int id, int after, IReadOnlyCollection<ClaudeTaskEventKind> kinds) =>
        TaskObservation.Observe(_database, _changes, id, after, kinds);
}
