using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>What has been in the store for long, and whose turn it is to remove it.</summary>
internal static class RetentionTable
{
    private static readonly string Terminal = StatusMoves.StoreList(StatusMoves.IsTerminal);

    /// <summary>A task's last change is its end, or a person's decision after it.</summary>
    private static readonly string Ended = $"FROM tasks WHERE status IN ({Terminal}) AND updated_at < $before";

    /// <summary>The tasks on which one depends that has not ended, or whose conversation it goes on with.</summary>
    private static readonly string Needed = $"""
        SELECT d.on_task FROM dependencies d JOIN tasks w ON w.id = d.task_id WHERE w.status NOT IN ({Terminal})
        UNION SELECT continues FROM tasks WHERE continues IS NOT NULL AND status NOT IN ({Terminal})
        """;

    /// <summary>Takes the turn of this day. A last turn in the future was taken under a clock that was wrong.</summary>
    public static bool Claim(SqliteConnection connection, DateTime now) => connection.Execute(
        "UPDATE retention SET last_run = $now WHERE last_run <= $yesterday OR last_run > $now",
        ("$now", now.ToStoreTime()),
        ("$yesterday", now.AddDays(-1).ToStoreTime())) == 1;

    /// <summary>The tasks that ended before a moment and that no other task needs, oldest first.</summary>
    public static List<int> EndedBefore(SqliteConnection connection, DateTime before) => connection.Query(
        $"SELECT id {Ended} AND id NOT IN ({Needed}) ORDER BY id", reader => reader.GetInt32(0), ("$before", before.ToStoreTime()));

    /// <summary>The tasks that ended before a moment and have more than the one event which tells that the others were removed.</summary>
    public static List<int> EndedWithEvents(SqliteConnection connection, DateTime before) => connection.Query(
        $"SELECT id {Ended} AND EXISTS (SELECT 1 FROM events WHERE key > (id << 32) + 1 AND key <= (id << 32) + 4294967295) ORDER BY id",
        reader => reader.GetInt32(0),
        ("$before", before.ToStoreTime()));

    /// <summary>Removes the first events of a task that has ended, so many at most, and returns how many.</summary>
    public static int RemoveEvents(SqliteConnection connection, int task, int most) => connection.Execute(
        $"""
        DELETE FROM events WHERE key IN (
            SELECT key FROM events WHERE key BETWEEN $task << 32 AND ($task << 32) + 4294967295 ORDER BY key LIMIT $most)
            AND EXISTS (SELECT 1 FROM tasks WHERE id = $task AND status IN ({Terminal}))
        """,
        ("$task", task),
        ("$most", most));
}
