using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>What users want to say to a task's agent.</summary>
internal static class MessageTable
{
    /// <summary>A message that was not sent yet.</summary>
    public readonly record struct Row(long Id, string Text);

    public static void Add(SqliteConnection connection, int task, string text) => connection.Execute(
        "INSERT INTO messages (task_id, text, created_at) VALUES ($task, $text, $now)",
        ("$task", task),
        ("$text", text),
        ("$now", DateTime.UtcNow.ToStoreTime()));

    public static List<Row> Unsent(SqliteConnection connection, int task) => connection.Query(
        "SELECT id, text FROM messages WHERE task_id = $task AND sent_at IS NULL ORDER BY id",
        reader => new Row(reader.GetInt64(0), reader.GetString(1)),
        ("$task", task));

    /// <summary>Notes that it is about to be sent. False when somebody did so before: nothing is said twice.</summary>
    public static bool SetSent(SqliteConnection connection, long id) => connection.Execute(
        "UPDATE messages SET sent_at = $now WHERE id = $id AND sent_at IS NULL", ("$id", id), ("$now", DateTime.UtcNow.ToStoreTime())) == 1;

    /// <summary>It did not reach an agent after all.</summary>
    public static void SetUnsent(SqliteConnection connection, long id) =>
        connection.Execute("UPDATE messages SET sent_at = NULL WHERE id = $id", ("$id", id));
}
