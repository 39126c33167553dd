using System.Diagnostics;
using System.Reactive.Linq;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Streaming;

/// <summary>Tasks as they go on, for observers of which none holds a thread while nothing happens.</summary>
internal static class TaskObservation
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    /// <summary>
    /// One task: past events first, then live ones without a gap, and the task as it is after them; about once a second also when nothing
    /// is new. Ends with the task's end, and fails when the task is removed. Observers are called on pool threads, one call at a time; one
    /// that blocks holds up itself alone.
    /// </summary>
    /// <param name="database">The store.</param>
    /// <param name="changes">Tells when to look again.</param>
    /// <param name="id">The task.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    /// <param name="kinds">Only events of these kinds; all when empty.</param>
    public static IObservable<ClaudeTaskUpdate> Observe(
        Database database, ChangeSignal changes, int id, int after, IReadOnlyCollection<ClaudeTaskEventKind> kinds) =>
        Observable.Create<ClaudeTaskUpdate>((observer, stopping) =>
            Task.Run(() => FollowAsync(database, changes, id, after, kinds, observer, stopping), CancellationToken.None));

    private static async Task FollowAsync(
        Database database,
        ChangeSignal changes,
        int id,
        int after,
        IReadOnlyCollection<ClaudeTaskEventKind> kinds,
        IObserver<ClaudeTaskUpdate> observer,
        CancellationToken stopping)
    {
        using var listening = changes.Listen();
        var clock = Stopwatch.StartNew();
        object? told = null;
        long? seen = null;
        ClaudeTaskUpdate update = null!;
        while (true)
        {
            var (next, version) = (changes.Next, changes.Version);
            var isNew = false;
            if (version != seen)
            {
                while (!(update = database.Read(connection => Look(connection, id, after, kinds))).IsCaughtUp)
                {
                    stopping.ThrowIfCancellationRequested();
                    observer.OnNext(update);
                    (after, isNew) = (update.Events[^1].Seq, true);
                }

                seen = version;
            }

            var now = State(update);
            if (isNew || !now.Equals(told) || clock.Elapsed >= LongestSilence)
            {
                stopping.ThrowIfCancellationRequested();
                observer.OnNext(update);
                told = now;
                clock.Restart();
            }

            if (update.Task.IsEnded)
            {
                return;
            }

            await next.WaitAsync(stopping).ConfigureAwait(false);
        }
    }

    /// <summary>All of one moment: the task is what its events say.</summary>
    private static ClaudeTaskUpdate Look(SqliteConnection connection, int id, int after, IReadOnlyCollection<ClaudeTaskEventKind> kinds)
    {
        using var moment = StoreTransaction.BeginReading(connection);
        var task = TaskTable.Find(connection, id)?.Task ?? throw new ClaudeTaskException(
            ClaudeTaskErrorId.TaskNotFound, $"There is no task {id}; it may have been removed.", id, "Get-ClaudeTask lists the tasks there are.");
        var blocker = QueueBlocker.Find(connection, id) is { } other ? TaskTable.Find(connection, other)?.Task : null;
        return new ClaudeTaskUpdate(task, EventLog.Read(connection, id, task.TaskId, after, kinds), blocker);
    }

    private static object State(ClaudeTaskUpdate update) => (
        update.Task.UpdatedAt,
        update.Task.Status,
        update.Task.WaitingFor,
        update.Task.IsSuspended,
        update.Task.HasGatesToRun,
        update.Blocker?.Id,
        update.Blocker?.Status);
}
