using ClaudeTasks.Model;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Streaming;

/// <summary>The events of tasks as one stream, past and live, with no gap between them: both are read from the store by their number.</summary>
internal static class EventStream
{
    /// <summary>
    /// Reads the events of tasks and, when following, goes on until the machine has nothing more to do for any of them. Blocks while
    /// there is nothing to read; <paramref name="whileWaiting"/> is called about once a second then.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<ClaudeTaskEvent> Read(
        Database database,
        IReadOnlyList<ClaudeTask> tasks,
        int after,
        IReadOnlyCollection<ClaudeTaskEventKind> kinds,
        bool follow,
        Action whileWaiting,
        CancellationToken cancellation)
    {
        var open = tasks.Select(task => new Position(task, after)).ToList();
        using var changes = follow ? new ChangeWatcher(database) : null;
        while (open.Count > 0)
        {
            foreach (var position in open.ToList())
            {
                // Asked before the last page is read: what was written until the task settled is in that page.
                var isLast = !follow || database.Read(connection => IsAtRest(connection, position.Task.Id));
                foreach (var item in ReadPages(database, position, kinds))
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return item;
                }

                if (isLast)
                {
                    open.Remove(position);
                }
            }

            // Only what is written to the store ends a wait: there is nothing to look at before.
            while (open.Count > 0 && !changes!.Wait(TimeSpan.FromSeconds(1), cancellation))
            {
                whileWaiting();
            }
        }
    }

    private static bool IsAtRest(SqliteConnection connection, int id) =>
        TaskTable.Find(connection, id) is not { Task.IsSettled: false } record
        || (record.Task.Status == ClaudeTaskStatus.Pending && QueueBlocker.Find(connection, id) is not null);

    private static IEnumerable<ClaudeTaskEvent> ReadPages(Database database, Position position, IReadOnlyCollection<ClaudeTaskEventKind> kinds)
    {
        while (database.Read(connection => EventLog.Read(connection, position.Task.Id, position.Task.TaskId, position.After, kinds)) is { Count: > 0 } page)
        {
            foreach (var item in page)
            {
                position.After = item.Seq;
                yield return item;
            }
        }
    }

    private sealed class Position(ClaudeTask task, int after)
    {
        public ClaudeTask Task { get; } = task;

        public int After { get; set; } = after;
    }
}
