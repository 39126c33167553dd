using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>The decisions on tasks, oldest first; one that was taken back is gone.</summary>
internal static class DecisionTable
{
    public static long Begin(
        SqliteConnection connection, int task, DecisionKind kind, ClaudeTaskStatus from, string? head, string? reason, IReadOnlyList<string> paths) =>
        (long)connection.Scalar(
            """
            INSERT INTO decisions (task_id, kind, from_status, head, reason, paths, decided_at)
            VALUES ($task, $kind, $from, $head, $reason, $paths, $now) RETURNING id
            """,
            ("$task", task),
            ("$kind", (int)kind),
            ("$from", StatusMoves.ToStore(from)),
            ("$head", head),
            ("$reason", reason),
            ("$paths", StoreJson.Write(paths)),
            ("$now", DateTime.UtcNow.ToStoreTime()))!;

    public static void Finish(SqliteConnection connection, long id, string? commit) =>
        connection.Execute("UPDATE decisions SET is_done = 1, commit_sha = $commit WHERE id = $id", ("$id", id), ("$commit", commit));

    public static void Remove(SqliteConnection connection, long id) => connection.Execute("DELETE FROM decisions WHERE id = $id", ("$id", id));

    public static List<Decision> Read(SqliteConnection connection, int task) => connection.Query(
        "SELECT id, kind, is_done, from_status, head, commit_sha, reason, paths FROM decisions WHERE task_id = $task ORDER BY id",
        reader => new Decision(
            reader.GetInt64(0),
            (DecisionKind)reader.GetInt32(1),
            reader.GetBoolean(2),
            StatusMoves.FromStore(reader.GetString(3)),
            reader.Text(4),
            reader.Text(5),
            reader.Text(6),
            StoreJson.ReadList(reader.GetString(7))),
        ("$task", task));

    /// <summary>Takes the repository for a task, if it is free or the task has it already.</summary>
    public static bool TakeLease(SqliteConnection connection, TaskRecord task) => connection.Execute(
        """
        INSERT INTO leases (repository_id, task_id, taken_at) VALUES ($repository, $task, $now)
        ON CONFLICT (repository_id) DO UPDATE SET taken_at = taken_at WHERE task_id = $task
        """,
        ("$repository", task.RepositoryId),
        ("$task", task.Id),
        ("$now", DateTime.UtcNow.ToStoreTime())) == 1;
}
