using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The tasks that a dead worker or an interrupted decision left, until the recovery of each has completed.</summary>
internal static class RecoveryTable
{
    /// <summary>A recovery that has not completed.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="IsLost">
    /// Whether its run was cut off, so that processes may be left and its diff is to be taken. Otherwise only a decision was.
    /// </param>
    /// <param name="Tries">How often it has failed.</param>
    /// <param name="Problem">Why it failed last.</param>
    public readonly record struct Row(int Task, bool IsLost, int Tries, string? Problem);

    /// <summary>Adds a task. A task that lost its run keeps its repository until its recovery has completed.</summary>
    public static void Add(SqliteConnection connection, int task, bool isLost) => connection.Execute(
        """
        INSERT INTO recoveries (task_id, is_lost, next_at) VALUES ($task, $lost, 0)
        ON CONFLICT (task_id) DO UPDATE SET is_lost = max(is_lost, excluded.is_lost), next_at = 0
        """,
        ("$task", task),
        ("$lost", isLost));

    /// <summary>Finds the tasks with a decision that is neither done nor undone; a process is deciding, or was interrupted.</summary>
    public static List<(int Task, long Repository)> FindUnfinishedDecisions(SqliteConnection connection) => connection.Query(
        """
        SELECT DISTINCT t.id, t.repository_id FROM decisions d JOIN tasks t ON t.id = d.task_id
        WHERE d.state <> 1 AND t.id NOT IN (SELECT task_id FROM recoveries)
        """,
        reader => (reader.GetInt32(0), reader.GetInt64(1)));

    public static Row? Find(SqliteConnection connection, int task) => connection.Query(
        "SELECT task_id, is_lost, tries, problem FROM recoveries WHERE task_id = $task", Read, ("$task", task)) is [var row] ? row : null;

    /// <summary>The tasks whose next try is due, in their order.</summary>
    public static List<Row> Due(SqliteConnection connection) => connection.Query(
        "SELECT task_id, is_lost, tries, problem FROM recoveries WHERE next_at <= $now ORDER BY task_id",
        Read,
        ("$now", DateTime.UtcNow.ToStoreTime()));

    /// <summary>Notes that a try failed, and tells so on the task.</summary>
    public static void Fail(SqliteConnection connection, Row row, DateTime nextAt, string problem)
    {
        if (connection.Execute(
            "UPDATE recoveries SET tries = tries + 1, next_at = $next, problem = $problem WHERE task_id = $task",
            ("$task", row.Task),
            ("$next", nextAt.ToStoreTime()),
            ("$problem", problem)) == 1 && problem != row.Problem)
        {
            EventLog.Append(connection, row.Task, new EventDraft(ClaudeTaskEventKind.Error, problem));
        }
    }

    /// <summary>Removes a task whose recovery has completed.</summary>
    public static void Remove(SqliteConnection connection, int task) =>
        connection.Execute("DELETE FROM recoveries WHERE task_id = $task", ("$task", task));

    /// <summary>
    /// Removes a task whose interrupted decision is over. The loss of a run is not over before its recovery has completed.
    /// </summary>
    public static void RemoveDecision(SqliteConnection connection, int task) =>
        connection.Execute("DELETE FROM recoveries WHERE task_id = $task AND NOT is_lost", ("$task", task));

    private static Row Read(Store.Row reader) => new(reader.GetInt32(0), reader.GetBoolean(1), reader.GetInt32(2), reader.Text(3));
}
