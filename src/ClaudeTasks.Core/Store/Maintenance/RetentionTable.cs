using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>What has been in the store for long, and whose turn it is to remove it.</summary>
internal static class RetentionTable
{
    /// <summary>A task's last change is its end, or a person's decision after it.</summary>
    private static readonly string Ended = $"FROM tasks WHERE status IN ({StatusList.Terminal}) AND updated_at < $before";

    /// <summary>The tasks on which one depends that has not ended, or whose conversation it goes on with.</summary>
    private static readonly string Needed = $"""
        SELECT d.on_task FROM dependencies d JOIN tasks w ON w.id = d.task_id WHERE w.status NOT IN ({StatusList.Terminal})
        UNION SELECT continues FROM tasks WHERE continues IS NOT NULL AND status NOT IN ({StatusList.Terminal})
        """;

    /// <summary>Takes this day's turn to remove old tasks.</summary>
    public static bool Claim(SqliteConnection connection, DateTime now) => Claim(connection, "last_run", now);

    /// <summary>Takes this day's turn to sweep folders.</summary>
    public static bool ClaimSweep(SqliteConnection connection, DateTime now) => Claim(connection, "last_sweep", now);

    /// <summary>A last turn in the future was taken under a clock that was wrong.</summary>
    private static bool Claim(SqliteConnection connection, string column, DateTime now) => connection.Execute(
        $"UPDATE retention SET {column} = $now WHERE {column} <= $yesterday OR {column} > $now",
        ("$now", now.ToStoreTime()),
        ("$yesterday", now.AddDays(-1).ToStoreTime())) == 1;

    /// <summary>The tasks that ended before a moment and that no other task needs, oldest first.</summary>
    public static List<int> EndedBefore(SqliteConnection connection, DateTime before) => connection.Query(
        $"SELECT id {Ended} AND id NOT IN ({Needed}) ORDER BY id", reader => reader.GetInt32(0), ("$before", before.ToStoreTime()));

    /// <summary>
    /// The tasks that ended before a moment and have more than the one event that says that the earlier ones were removed.
    /// </summary>
    public static List<int> EndedWithEvents(SqliteConnection connection, DateTime before) => connection.Query(
        $"SELECT id {Ended} "
            + "AND EXISTS (SELECT 1 FROM events WHERE key BETWEEN id << 32 AND (id << 32) + 4294967295 LIMIT 1 OFFSET 1) ORDER BY id",
        reader => reader.GetInt32(0),
        ("$before", before.ToStoreTime()));

    /// <summary>
    /// Appends the event that says that the earlier ones of a task are removed, and returns its sequence number; null when the task has not
    /// ended. It stays, so the numbers go on behind those that were given.
    /// </summary>
    public static int? AppendNote(SqliteConnection connection, int task, string text) =>
        connection.Scalar($"SELECT 1 FROM tasks WHERE id = $task AND status IN ({StatusList.Terminal})", ("$task", task)) is null
            ? null
            : EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Warning, text));

    /// <summary>Removes the first events before one of a task that has ended, so many at most, and returns how many.</summary>
    public static int RemoveEvents(SqliteConnection connection, int task, int before, int most) => connection.Execute(
        $"""
        DELETE FROM events WHERE key IN (
            SELECT key FROM events WHERE key >= $task << 32 AND key < ($task << 32) + $before ORDER BY key LIMIT $most)
            AND EXISTS (SELECT 1 FROM tasks WHERE id = $task AND status IN ({StatusList.Terminal}))
        """,
        ("$task", task),
        ("$before", before),
        ("$most", most));
}
