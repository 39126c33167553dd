using System.Text;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>The events of all tasks: appended, never changed, read in order.</summary>
internal static class EventLog
{
    private const int PageRows = 1000;
    private const int PageBytes = 8 * 1024 * 1024;

    /// <summary>Appends events of one task behind the ones it has. Must run in a write transaction, which makes the numbers gapless.</summary>
    public static void Append(SqliteConnection connection, int task, params EventDraft[] events) => Append(connection, task, events.AsSpan());

    /// <inheritdoc cref="Append(SqliteConnection, int, EventDraft[])"/>
    public static void Append(SqliteConnection connection, int task, ReadOnlySpan<EventDraft> events)
    {
        var first = FirstKey(task);
        var last = (long?)connection.Scalar(
            "SELECT max(key) FROM events WHERE key BETWEEN $first AND $last", ("$first", first), ("$last", LastKey(task)));

        using var command = connection.Command("INSERT INTO events (key, kind, time, text, raw) VALUES ($key, $kind, $time, $text, $raw)");
        var key = command.Parameters.Add("$key", SqliteType.Integer);
        var kind = command.Parameters.Add("$kind", SqliteType.Integer);
        var time = command.Parameters.Add("$time", SqliteType.Integer);
        var text = command.Parameters.AddWithValue("$text", DBNull.Value);
        var raw = command.Parameters.Add("$raw", SqliteType.Blob);
        var next = (last ?? first) + 1;
        foreach (var item in events)
        {
            key.Value = next++;
            kind.Value = (int)item.Kind;
            time.Value = item.Time.ToStoreTime();
            text.Value = SqlExtensions.ToParameter(item.Text is null ? null : WithoutLoneSurrogates(item.Text));
            raw.Value = (object?)item.Raw ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>One page of a task's events behind <paramref name="after"/>, in order; empty when there is none yet.</summary>
    public static List<ClaudeTaskEvent> Read(
        SqliteConnection connection, int task, Guid taskId, int after, IReadOnlyCollection<ClaudeTaskEventKind> kinds, int limit = PageRows) =>
        Select(connection, task, taskId, after, kinds, "ASC", limit);

    /// <summary>The newest of a task's events behind <paramref name="after"/>, in order, however many there are before them.</summary>
    public static List<ClaudeTaskEvent> ReadNewest(
        SqliteConnection connection, int task, Guid taskId, int after, IReadOnlyCollection<ClaudeTaskEventKind> kinds, int limit)
    {
        var events = Select(connection, task, taskId, after, kinds, "DESC", limit);
        events.Reverse();
        return events;
    }

    private static List<ClaudeTaskEvent> Select(
        SqliteConnection connection, int task, Guid taskId, int after, IReadOnlyCollection<ClaudeTaskEventKind> kinds, string order, int limit)
    {
        var filter = kinds.Count == 0 ? "" : $"AND kind IN ({string.Join(',', kinds.Select(kind => (int)kind))})";
        using var command = connection.Command(
            $"SELECT key, kind, time, text, raw FROM events WHERE key > $after AND key <= $last {filter} ORDER BY key {order} LIMIT $limit",
            ("$after", FirstKey(task) + after),
            ("$last", LastKey(task)),
            ("$limit", limit));
        using var reader = command.ExecuteReader();
        var events = new List<ClaudeTaskEvent>();
        var bytes = 0;
        while (bytes < PageBytes && reader.Read())
        {
            var raw = reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4);
            bytes += raw?.Length ?? 0;
            events.Add(new ClaudeTaskEvent(
                task,
                taskId,
                (int)(reader.GetInt64(0) - FirstKey(task)),
                SqlExtensions.FromStoreTime(reader.GetInt64(2)),
                (ClaudeTaskEventKind)reader.GetInt32(1),
                reader.Text(3),
                raw));
        }

        return events;
    }

    private static long FirstKey(int task) => (long)task << 32;

    private static long LastKey(int task) => FirstKey(task) + uint.MaxValue;

    /// <summary>SQLite's text is UTF-8, which has no lone surrogates; a model can stream one.</summary>
    private static string WithoutLoneSurrogates(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
