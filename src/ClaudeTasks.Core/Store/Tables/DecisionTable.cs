using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The decisions on tasks, oldest first; one that was taken back is gone.</summary>
internal static class DecisionTable
{
    private static readonly ColumnList Columns = new("decisions");
    private static readonly Column<long> Id = Columns.Int64("id");
    private static readonly Column<DecisionKind> Kind = Columns.Add("kind", (row, i) => (DecisionKind)row.GetInt32(i));
    private static readonly Column<DecisionState> State = Columns.Add("state", (row, i) => (DecisionState)row.GetInt32(i));
    private static readonly Column<ClaudeTaskStatus> From = Columns.Add("from_status", (row, i) => StatusMoves.FromStore(row.GetString(i)));
    private static readonly Column<string?> Plan = Columns.TextOrNull("plan");
    private static readonly Column<string?> Commit = Columns.TextOrNull("commit_sha");
    private static readonly Column<string?> Reason = Columns.TextOrNull("reason");
    private static readonly Column<IReadOnlyList<string>> Paths = Columns.Add("paths", (row, i) => StoreJson.ReadList(row.GetString(i)));

    public static long Begin(
        SqliteConnection connection,
        int task,
        DecisionKind kind,
        ClaudeTaskStatus from,
        string? plan,
        string? reason,
        IReadOnlyList<string> paths) =>
        connection.InsertNumbered(
            "decisions",
            ("task_id", task),
            (Kind.Name, (int)kind),
            (From.Name, StatusMoves.ToStore(from)),
            (Plan.Name, plan),
            (Reason.Name, reason),
            (Paths.Name, StoreJson.Write(paths)),
            ("decided_at", DateTime.UtcNow.ToStoreTime()));

    public static void Finish(SqliteConnection connection, long id, string? commit) =>
        connection.Execute("UPDATE decisions SET state = 1, commit_sha = $commit WHERE id = $id", ("$id", id), ("$commit", commit));

    public static void SetPlan(SqliteConnection connection, long id, string plan) =>
        connection.Execute("UPDATE decisions SET plan = $plan WHERE id = $id", ("$id", id), ("$plan", plan));

    public static void SetState(SqliteConnection connection, long id, DecisionState state) =>
        connection.Execute("UPDATE decisions SET state = $state WHERE id = $id", ("$id", id), ("$state", (int)state));

    public static void Remove(SqliteConnection connection, long id) =>
        connection.Execute("DELETE FROM decisions WHERE id = $id", ("$id", id));

    public static List<Decision> Read(SqliteConnection connection, int task) => connection.Query(
        $"SELECT {Columns.Sql} FROM decisions WHERE task_id = $task ORDER BY id",
        row => new Decision(
            Id.Of(row), Kind.Of(row), State.Of(row), From.Of(row), Plan.Of(row), Commit.Of(row), Reason.Of(row), Paths.Of(row)),
        ("$task", task));

    /// <summary>Whether a decision on the task is being made or undone, or was interrupted.</summary>
    public static bool IsUnfinished(SqliteConnection connection, int task) => connection.Query(
        "SELECT 1 FROM decisions WHERE task_id = $task AND state <> 1", row => row.GetInt32(0), ("$task", task)).Count > 0;

    /// <summary>The task at work in a work tree; null when there is none.</summary>
    public static int? FindBusy(SqliteConnection connection, long repository, string folder) => connection.Scalar(
        "SELECT id FROM tasks WHERE repository_id = $repository AND folder = $folder "
            + $"AND worktree IS NULL AND status IN ({StatusList.Active})",
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
