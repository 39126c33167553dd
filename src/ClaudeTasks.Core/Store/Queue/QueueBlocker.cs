using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// For whom a queued task waits in the end: the task that a person must decide, or resume, before the machine can do anything for it. It
/// may wait for that one's repository, conversation or end, or for a task that does so itself.
/// </summary>
internal sealed class QueueBlocker
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<int, int?> _known = [];

    private QueueBlocker(SqliteConnection connection) => _connection = connection;

    /// <summary>The number of that task; null when the machine can go on by itself, or the task is not queued.</summary>
    public static int? Find(SqliteConnection connection, int task) =>
        connection.Scalar("SELECT 1 FROM tasks WHERE id = $id AND status = 'pending' AND is_held = 0", ("$id", task)) is null
            ? null
            : new QueueBlocker(connection).Behind(task);

    private int? Behind(int task)
    {
        var ahead = _connection.Query(
            $"""
            SELECT l.task_id, 0, 1 FROM tasks t JOIN leases l ON l.repository_id = t.repository_id
                WHERE t.id = $id AND t.worktree IS NULL AND l.task_id <> t.id
            UNION ALL SELECT o.id, 0, 1 FROM tasks t JOIN tasks o ON o.id = t.continues WHERE t.id = $id AND o.status = 'pending'
            UNION ALL SELECT d.on_task, t.needs, {TaskQueue.CanBeMet} FROM tasks t JOIN dependencies d ON d.task_id = t.id
                WHERE t.id = $id AND t.needs IS NOT NULL
            """,
            reader => (Task: reader.GetInt32(0), IsAlternative: reader.GetBoolean(1), CanBeMet: reader.GetBoolean(2)),
            ("$id", task));
        var (all, any) = (
            ahead.Where(item => !item.IsAlternative).ToList(),
            ahead.Where(item => item is { IsAlternative: true, CanBeMet: true }).ToList());
        if (all.Exists(item => !item.CanBeMet))
        {
            // It can never start, and the machine ends it for that.
            return null;
        }

        // Of the alternatives one is enough, so the task waits for a person only when all of them do.
        var blockers = any.Select(item => Of(item.Task)).ToList();
        return all.Select(item => Of(item.Task)).FirstOrDefault(blocker => blocker is not null)
            ?? (blockers.Contains(null) ? null : blockers.FirstOrDefault());
    }

    private int? Of(int task)
    {
        if (!_known.TryGetValue(task, out var blocker))
        {
            _known[task] = null;
            _known[task] = blocker = _connection.Query(
                "SELECT status, is_held OR EXISTS (SELECT 1 FROM recoveries WHERE task_id = tasks.id AND tries > 0) "
                    + "FROM tasks WHERE id = $id",
                reader => (Status: reader.GetString(0), IsHeld: reader.GetBoolean(1)),
                ("$id", task)).SingleOrDefault() switch
            {
                ("waiting_approval" or "qa_failed", _) or (_, true) => task,
                ("pending", false) => Behind(task),
                _ => null,
            };
        }

        return blocker;
    }
}
