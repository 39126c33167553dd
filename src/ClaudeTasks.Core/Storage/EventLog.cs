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

        using var insert = new EventInsert(connection);
        var next = (last ?? first) + 1;
        foreach (var item in events)
        {
            insert.Run(next++, item);
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
        return Statements.Use(
            connection,
            $"SELECT key, kind, time, text, raw, raw_size FROM events WHERE key > $after AND key <= $last {filter} ORDER BY key {order} LIMIT $limit",
            [("$after", FirstKey(task) + after), ("$last", LastKey(task)), ("$limit", limit)],
            command => ReadPage(command, task, taskId));
    }

    private static List<ClaudeTaskEvent> ReadPage(SqliteCommand command, int task, Guid taskId)
    {
        using var reader = command.ExecuteReader();
        var row = new Row(reader.Handle!);
        var events = new List<ClaudeTaskEvent>();
        var bytes = 0;
        while (bytes < PageBytes && reader.Read())
        {
            var raw = row.Bytes(4);
            bytes += raw?.Length ?? 0;
            events.Add(new ClaudeTaskEvent(
                task,
                taskId,
                (int)(row.GetInt64(0) - FirstKey(task)),
                SqlExtensions.FromStoreTime(row.GetInt64(2)),
                (ClaudeTaskEventKind)row.GetInt32(1),
                row.Text(3),
                raw,
                row.Int(5)));
        }

        return events;
    }

    private static long FirstKey(int task) => (long)task << 32;

    private static long LastKey(int task) => FirstKey(task) + uint.MaxValue;
}
