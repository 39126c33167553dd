using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Streaming;

/// <summary>
/// The reading of one subscription to <see cref="TaskStream"/>. It reads a page only after the observer took the page before.
/// </summary>
internal sealed class TaskReader(
    Database database,
    ChangeSignal changes,
    IReadOnlyCollection<ClaudeTaskEventKind>? kinds,
    Func<ClaudeTaskUpdate, bool> isLast,
    IObserver<ClaudeTaskUpdate> observer,
    CancellationToken stopping)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Between two looks: what a loud task writes meanwhile comes as one page, which costs a fraction of a page for each commit.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    private readonly Stopwatch _silence = Stopwatch.StartNew();
    private readonly List<Position> _open = [];

    public async Task RunAsync(IEnumerable<ClaudeTask> tasks, int after)
    {
        _open.AddRange(tasks.DistinctBy(task => task.Id).Select(task => new Position(task, after)));

        // What only looks back ends here, without a watcher of the store.
        TellNews();
        if (_open.Count == 0)
        {
            return;
        }

        using var listening = changes.Listen();
        for (long? seen = null; ;)
        {
            var (next, version) = (changes.Next, changes.Version);
            if (version != seen)
            {
                seen = version;
                TellNews();
                if (_open.Count == 0)
                {
                    return;
                }

                await Task.Delay(Rest, stopping).ConfigureAwait(false);
            }

            if (_silence.Elapsed >= LongestSilence)
            {
                _open.ForEach(position => Tell(position.Told));
            }

            await next.WaitAsync(stopping).ConfigureAwait(false);
        }
    }

    private void TellNews()
    {
        _open.ForEach(TellNews);
        _open.RemoveAll(position => position.IsOver);
    }

    private void TellNews(Position position)
    {
        var isNew = false;
        ClaudeTaskUpdate update;
        while (!(update = database.Read(connection => Look(connection, position))).IsCaughtUp)
        {
            Tell(update);
            (position.After, isNew) = (update.Events[^1].Seq, true);
        }

        var isOver = update.IsRemoved || isLast(update);
        isNew |= isOver || position.IsFirst || !State(update).Equals(State(position.Told));
        (position.Told, position.IsFirst, position.IsOver) = (update, false, isOver);
        if (isNew)
        {
            Tell(update);
        }
    }

    private void Tell(ClaudeTaskUpdate update)
    {
        stopping.ThrowIfCancellationRequested();
        observer.OnNext(update);
        _silence.Restart();
    }

    /// <summary>All of one moment: the task is what its events say.</summary>
    private ClaudeTaskUpdate Look(SqliteConnection connection, Position position)
    {
        using var moment = StoreTransaction.BeginReading(connection);
        var (id, taskId) = (position.Told.Task.Id, position.Told.Task.TaskId);
        if (TaskTable.Find(connection, id) is not { Task: var task })
        {
            return new ClaudeTaskUpdate(position.Told.Task, [], Blocker: null) { IsRemoved = true };
        }

        var blocker = task.Status == ClaudeTaskStatus.Pending && QueueBlocker.Find(connection, id) is { } other
            ? TaskTable.Find(connection, other)?.Task
            : null;
        return new ClaudeTaskUpdate(task, kinds is null ? [] : EventLog.Read(connection, id, taskId, position.After, kinds), blocker);
    }

    private static object State(ClaudeTaskUpdate update) => (
        update.IsRemoved,
        update.Task.UpdatedAt,
        update.Task.Status,
        update.Task.WaitingFor,
        update.Task.IsSuspended,
        update.Task.HasGatesToRun,
        update.Blocker?.Id,
        update.Blocker?.Status);

    /// <summary>How far one task has been told.</summary>
    private sealed class Position(ClaudeTask task, int after)
    {
        public int After { get; set; } = after;

        public ClaudeTaskUpdate Told { get; set; } = new(task, [], Blocker: null);

        public bool IsFirst { get; set; } = true;

        public bool IsOver { get; set; }
    }
}
