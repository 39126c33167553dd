using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The decisions on tasks, oldest first; one that was taken back is gone.</summary>
internal static class DecisionTable
{
    public static long Begin(
        SqliteConnection connection, int task, DecisionKind kind, ClaudeTaskStatus from, string? plan, string? reason, IReadOnlyList<string> paths) =>
        (long)connection.Scalar(
            """
            INSERT INTO decisions (task_id, kind, from_status, plan, reason, paths, decided_at)
            VALUES ($task, $kind, $from, $plan, $reason, $paths, $now) RETURNING id
            """,
            ("$task", task),
            ("$kind", (int)kind),
            ("$from", StatusMoves.ToStore(from)),
            ("$plan", plan),
            ("$reason", reason),
            ("$paths", StoreJson.Write(paths)),
            ("$now", DateTime.UtcNow.ToStoreTime()))!;

    public static void Finish(SqliteConnection connection, long id, string? commit) =>
        connection.Execute("UPDATE decisions SET state = 1, commit_sha = $commit WHERE id = $id", ("$id", id), ("$commit", commit));

    public static void SetPlan(SqliteConnection connection, long id, string plan) =>
        connection.Execute("UPDATE decisions SET plan = $plan WHERE id = $id", ("$id", id), ("$plan", plan));

    public static void SetState(SqliteConnection connection, long id, DecisionState state) =>
        connection.Execute("UPDATE decisions SET state = $state WHERE id = $id", ("$id", id), ("$state", (int)state));

    public static void Remove(SqliteConnection connection, long id) => connection.Execute("DELETE FROM decisions WHERE id = $id", ("$id", id));

    public static List<Decision> Read(SqliteConnection connection, int task) => connection.Query(
        "SELECT id, kind, state, from_status, plan, commit_sha, reason, paths FROM decisions WHERE task_id = $task ORDER BY id",
        reader => new Decision(
            reader.GetInt64(0),
            (DecisionKind)reader.GetInt32(1),
            (DecisionState)reader.GetInt32(2),
            StatusMoves.FromStore(reader.GetString(3)),
            reader.Text(4),
            reader.Text(5),
            reader.Text(6),
            StoreJson.ReadList(reader.GetString(7))),
        ("$task", task));

    /// <summary>Decisions that were begun and are not done, or are being taken back: somebody is at it, or died.</summary>
    public static List<(long Id, int Task)> Open(SqliteConnection connection) =>
        connection.Query("SELECT id, task_id FROM decisions WHERE state <> 1", reader => (reader.GetInt64(0), reader.GetInt32(1)));

    /// <summary>The task at work in a work tree; null when there is none.</summary>
    public static int? FindBusy(SqliteConnection connection, long repository, string folder) => connection.Scalar(
        """
        SELECT id FROM tasks WHERE repository_id = $repository AND folder = $folder AND worktree IS NULL
            AND status IN ('pre_flight', 'running', 'waiting_qa', 'qa_running')
        """,
        ("$repository", repository),
        ("$folder", folder)) is long id ? (int)id : null;

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
