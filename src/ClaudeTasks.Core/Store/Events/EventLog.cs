using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The events of all tasks: appended, never changed, read in order.</summary>
internal static class EventLog
{
    private const int PageRows = 1000;
    private const int PageBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Appends events of one task behind the ones it has, and returns the sequence number of the last. Must run in a write transaction,
    /// which makes the numbers gapless.
    /// </summary>
    public static int Append(SqliteConnection connection, int task, params IEnumerable<EventDraft> events)
    {
        var first = FirstKey(task);
        var last = (long?)connection.Scalar(
            "SELECT max(key) FROM events WHERE key BETWEEN $first AND $last", ("$first", first), ("$last", LastKey(task)));
        return Statements.Use(
            connection,
            "INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            insert =>
            {
                var next = (last ?? first) + 1;
                foreach (var item in events)
                {
                    Insert(insert, next++, item);
                }

                return (int)(next - 1 - first);
            });
    }

    /// <summary>One page of a task's events behind <paramref name="after"/>, in order; empty when there is none yet.</summary>
    public static List<ClaudeTaskEvent> Read(
        SqliteConnection connection,
        int task,
        Guid taskId,
        int after,
        IReadOnlyCollection<ClaudeTaskEventKind> kinds,
        int limit = PageRows) =>
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
        SqliteConnection connection,
        int task,
        Guid taskId,
        int after,
        IReadOnlyCollection<ClaudeTaskEventKind> kinds,
        string order,
        int limit)
    {
        var filter = kinds.Count == 0 ? "" : $"AND kind IN ({string.Join(',', kinds.Select(kind => (int)kind))})";
        return Statements.Use(
            connection,
            "SELECT key, kind, time, text, raw, raw_size, text_at FROM events "
                + $"WHERE key > $after AND key <= $last {filter} ORDER BY key {order} LIMIT $limit",
            select =>
            {
                select.Bind(("$after", FirstKey(task) + after), ("$last", LastKey(task)), ("$limit", limit));
                return ReadPage(select, task, taskId);
            });
    }

    private static List<ClaudeTaskEvent> ReadPage(Statement select, int task, Guid taskId)
    {
        var row = select.Row;
        var events = new List<ClaudeTaskEvent>();
        var bytes = 0;
        while (bytes < PageBytes && select.Step())
        {
            var (text, raw) = (row.Text(3), row.Bytes(4));
            bytes += (text?.Length ?? 0) + (raw?.Length ?? 0);
            events.Add(new ClaudeTaskEvent(
                task,
                taskId,
                (int)(row.GetInt64(0) - FirstKey(task)),
                SqlExtensions.FromStoreTime(row.GetInt64(2)),
                (ClaudeTaskEventKind)row.GetInt32(1),
                text,
                raw,
                row.Int(5),
                row.Int(6)));
        }

        return events;
    }

    private static void Insert(Statement insert, long key, EventDraft item)
    {
        insert.Bind(1, key);
        insert.Bind(2, (long)item.Kind);
        insert.Bind(3, item.Time.ToStoreTime());
        insert.Bind(4, item.Text);
        insert.Bind(5, item.Raw);
        insert.Bind(6, item.UnpackedSize);
        insert.Bind(7, item.TextAt);
        insert.Step();
        insert.Reset();
    }

    private static long FirstKey(int task) => (long)task << 32;

    private static long LastKey(int task) => FirstKey(task) + uint.MaxValue;
}
