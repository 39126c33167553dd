using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>
/// Whose turn it is. In a repository one task at a time, by priority, then id; over repositories the one that was served longest ago
/// first. The lease on the repository and the move to pre-flight are one transaction. Tasks with a work tree of their own need no lease.
/// </summary>
internal static class TaskQueue
{
    /// <summary>The first task of every repository that is free, and all with a work tree of their own, in the order in which they may start.</summary>
    private const string Heads = """
        SELECT t.id, t.worker, t.throttle_limit, t.priority, r.last_started_at
        FROM repositories r
        JOIN tasks t ON t.id = (
            SELECT id FROM tasks WHERE repository_id = r.id AND status = 'pending' AND worktree IS NULL ORDER BY priority DESC, id LIMIT 1)
        WHERE NOT EXISTS (SELECT 1 FROM leases WHERE repository_id = r.id)
        UNION ALL
        SELECT t.id, t.worker, t.throttle_limit, t.priority, r.last_started_at
        FROM tasks t JOIN repositories r ON r.id = t.repository_id
        WHERE t.status = 'pending' AND t.worktree IS NOT NULL
        ORDER BY 5, 4 DESC, 1
        """;

    /// <summary>The next task the worker may start now, or null. A look that takes no write lock.</summary>
    public static int? Peek(SqliteConnection connection, Guid worker)
    {
        var running = connection.Scalar(
            "SELECT count(*) FROM tasks WHERE status IN ('pre_flight', 'running', 'waiting_qa', 'qa_running')") is long count ? count : 0;
        var ahead = 0;
        foreach (var (id, owner, limit) in connection.Query(
            Heads, reader => (Id: reader.GetInt32(0), Owner: reader.GetString(1), Limit: reader.GetInt32(2))))
        {
            // Those before it that may start have the first claim on the slots, whether their worker is quick or not.
            if (running + ahead >= limit)
            {
                continue;
            }

            if (owner == worker.ToString())
            {
                return id;
            }

            ahead++;
        }

        return null;
    }

    /// <summary>Takes the next task: its repository's lease and the move to pre-flight.</summary>
    public static int? Take(SqliteConnection connection, Guid worker)
    {
        if (Peek(connection, worker) is not { } id || !TaskTable.Move(connection, id, ClaudeTaskStatus.Pending, ClaudeTaskStatus.PreFlight))
        {
            return null;
        }

        var now = DateTime.UtcNow.ToStoreTime();
        connection.Execute(
            "INSERT INTO leases (repository_id, task_id, taken_at) SELECT repository_id, id, $now FROM tasks WHERE id = $id AND worktree IS NULL",
            ("$id", id),
            ("$now", now));
        connection.Execute(
            "UPDATE repositories SET last_started_at = $now WHERE id = (SELECT repository_id FROM tasks WHERE id = $id)",
            ("$id", id),
            ("$now", now));
        return id;
    }

    public static void RequestStop(SqliteConnection connection, int task) => connection.Execute(
        "INSERT OR IGNORE INTO stop_requests (task_id, requested_at) VALUES ($id, $now)",
        ("$id", task),
        ("$now", DateTime.UtcNow.ToStoreTime()));

    public static List<int> StopRequests(SqliteConnection connection, Guid worker) => connection.Query(
        "SELECT r.task_id FROM stop_requests r JOIN tasks t ON t.id = r.task_id WHERE t.worker = $worker",
        reader => reader.GetInt32(0),
        ("$worker", worker.ToString()));
}
