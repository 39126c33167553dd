using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Sessions: made, renamed, removed, and read with the sums over their tasks.</summary>
internal static class SessionTable
{
    private static readonly string All = $"""
        SELECT s.id, r.key, s.name, s.created_at, coalesce(max(t.updated_at), s.created_at), count(t.id),
            {CountOf(TaskOutcome.Running)}, {CountOf(TaskOutcome.Waiting)}, {CountOf(TaskOutcome.Completed)},
            {CountOf(TaskOutcome.Failed)}, {CountOf(TaskOutcome.Rejected)}, {CountOf(TaskOutcome.Cancelled)},
            {CostTable.Sum}, coalesce(sum(coalesce(t.completed_at, $now) - t.started_at), 0),
            (SELECT folder FROM tasks WHERE session_id = s.id ORDER BY id DESC LIMIT 1)
        FROM sessions s JOIN repositories r ON r.id = s.repository_id LEFT JOIN tasks t ON t.session_id = s.id
        GROUP BY s.id ORDER BY s.id
        """;

    /// <summary>All sessions, oldest first.</summary>
    public static List<SessionRow> Read(SqliteConnection connection) =>
        connection.Query(All, ReadRow, ("$now", DateTime.UtcNow.ToStoreTime()));

    public static bool Exists(SqliteConnection connection, string name) =>
        connection.Scalar("SELECT 1 FROM sessions WHERE lower(name) = lower($name)", ("$name", name)) is not null;

    /// <summary>The session with this name in a repository, whatever the case; exactly this one where the store has both.</summary>
    public static long? Find(SqliteConnection connection, long repository, string name) => (long?)connection.Scalar(
        "SELECT id FROM sessions WHERE repository_id = $repository AND lower(name) = lower($name) ORDER BY name = $name DESC LIMIT 1",
        ("$repository", repository),
        ("$name", name));

    public static long GetOrAdd(SqliteConnection connection, long repository, string name) =>
        Find(connection, repository, name) ?? (long)connection.Scalar(
            "INSERT INTO sessions (repository_id, name, created_at) VALUES ($repository, $name, $now) RETURNING id",
            ("$repository", repository),
            ("$name", name),
            ("$now", DateTime.UtcNow.ToStoreTime()))!;

    /// <summary>Renames a session, unless another one in its repository has the name.</summary>
    public static bool Rename(SqliteConnection connection, long id, string name) => connection.Execute(
        """
        UPDATE sessions SET name = $name WHERE id = $id AND NOT EXISTS (
            SELECT 1 FROM sessions other
            WHERE other.repository_id = sessions.repository_id AND other.id <> $id AND lower(other.name) = lower($name))
        """,
        ("$id", id),
        ("$name", name)) == 1;

    /// <summary>
    /// Removes a session with its tasks. False, with nothing removed, when its tasks are not those that were read, or one of them was
    /// moved.
    /// </summary>
    public static bool Remove(SqliteConnection connection, long id, IReadOnlyList<TaskRecord> tasks) =>
        Tasks(connection, id).SequenceEqual(tasks.Select(task => (task.Id, task.Task.Status)))
        && tasks.All(task => TaskTable.Remove(connection, task))
        && connection.Execute("DELETE FROM sessions WHERE id = $id", ("$id", id)) == 1;

    /// <summary>The tasks of a session in the order of time.</summary>
    public static List<(int Id, ClaudeTaskStatus Status)> Tasks(SqliteConnection connection, long id) => connection.Query(
        "SELECT id, status FROM tasks WHERE session_id = $id ORDER BY id",
        reader => (reader.GetInt32(0), StatusMoves.FromStore(reader.GetString(1))),
        ("$id", id));

    private static SessionRow ReadRow(Row reader)
    {
        var key = reader.GetString(1);
        return new SessionRow(reader.GetInt64(0), key, new ClaudeTaskSession
        {
            Name = reader.GetString(2),
            Repository = RepositoryTable.WorkTreeOf(key, reader.Text(14)),
            CreatedAt = SqlExtensions.FromStoreTime(reader.GetInt64(3)),
            LastActivity = SqlExtensions.FromStoreTime(reader.GetInt64(4)),
            TaskCount = reader.GetInt32(5),
            Running = reader.GetInt32(6),
            Waiting = reader.GetInt32(7),
            Completed = reader.GetInt32(8),
            Failed = reader.GetInt32(9),
            Rejected = reader.GetInt32(10),
            Cancelled = reader.GetInt32(11),
            CostUsd = CostTable.FromStore(reader.GetInt64(12)),
            Duration = TimeSpan.FromMilliseconds(reader.GetInt64(13)),
        });
    }

    private static string CountOf(TaskOutcome outcome) =>
        $"count(CASE WHEN t.status IN ({StatusMoves.StoreList(status => StatusMoves.OutcomeOf(status) == outcome)}) THEN 1 END)";
}
