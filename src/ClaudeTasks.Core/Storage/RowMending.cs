using System.Globalization;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>
/// Makes the rows that were saved from a damaged store fit together again. What still has something to tell gets a stand-in for what it
/// belonged to; what has not is taken out.
/// </summary>
internal static class RowMending
{
    private const string Lost = "Its record was lost when the store was repaired. What is left of it is here.";

    private static readonly string Known = string.Join(", ", Enum.GetValues<ClaudeTaskStatus>().Select(status => $"'{StatusMoves.ToStore(status)}'"));
    private static readonly string Settled = StatusMoves.StoreList(StatusMoves.IsSettled);
    private static readonly string Terminal = StatusMoves.StoreList(StatusMoves.IsTerminal);
    private static readonly int Internal = (int)ClaudeTaskReason.InternalError;

    /// <summary>What is done, in this order: words for how many rows it did something to, and the statement.</summary>
    private static readonly (string What, string Sql)[] Steps =
    [
        ("task(s) whose record was lost stand as failed, for their events", $"""
            WITH RECURSIVE with_events (id) AS (
                SELECT (SELECT min(key) FROM events) >> 32
                UNION ALL
                SELECT (SELECT min(key) FROM events WHERE key >= (with_events.id + 1) << 32) >> 32 FROM with_events WHERE with_events.id IS NOT NULL)
            INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, throttle_limit, worker, status, reason, reason_text,
                created_at, updated_at, completed_at, permission_mode)
            SELECT e.id, lower(printf('%s-%s-%s-%s-%s', hex(randomblob(4)), hex(randomblob(2)), hex(randomblob(2)), hex(randomblob(2)), hex(randomblob(6)))),
                0, 0, '/', '(lost)', '{"{}"}', 1, '{Guid.Empty}', 'failed', {Internal}, '{Lost}',
                coalesce((SELECT time FROM events WHERE key > e.id << 32 ORDER BY key LIMIT 1), 0), 0, 0, ''
            FROM with_events e WHERE e.id > 0 AND e.id NOT IN (SELECT id FROM tasks)
            """),
        ("task(s) with a status that does not exist stand as failed",
            $"UPDATE tasks SET status = 'failed', reason = {Internal}, reason_text = 'Its status was lost when the store was repaired.' WHERE status NOT IN ({Known})"),
        ("session(s) were made anew", """
            INSERT INTO sessions (id, repository_id, name, created_at)
            SELECT session_id, min(repository_id), 'recovered ' || session_id, min(created_at) FROM tasks
            WHERE session_id NOT IN (SELECT id FROM sessions) GROUP BY session_id
            """),
        ("repository row(s) were made anew", """
            INSERT INTO repositories (id, key, created_at)
            SELECT r.id, coalesce((SELECT t.folder || '/.git' FROM tasks t WHERE t.repository_id = r.id AND t.folder <> '/'
                AND NOT EXISTS (SELECT 1 FROM repositories o WHERE o.key = t.folder || '/.git') LIMIT 1), '(lost ' || r.id || ')'), 0
            FROM (SELECT repository_id AS id FROM tasks UNION SELECT repository_id FROM sessions) r
            WHERE r.id NOT IN (SELECT id FROM repositories)
            """),
        ("lease(s) of tasks that have ended were given back", $"DELETE FROM leases WHERE task_id IN (SELECT id FROM tasks WHERE status IN ({Terminal}))"),
        ("lease(s) were made anew", $"""
            INSERT OR IGNORE INTO leases (repository_id, task_id, taken_at)
            SELECT repository_id, id, updated_at FROM tasks
            WHERE worktree IS NULL AND status NOT IN ({Terminal}) AND (status <> 'pending' OR started_at IS NOT NULL)
            """),
        ("stop request(s) to tasks that have ended were taken out", $"DELETE FROM stop_requests WHERE task_id IN (SELECT id FROM tasks WHERE status IN ({Settled}))"),
        ("question(s) of tasks that have ended were withdrawn",
            $"UPDATE questions SET state = {(int)ClaudeTaskQuestionState.Withdrawn} WHERE state = {(int)ClaudeTaskQuestionState.Open} AND task_id IN (SELECT id FROM tasks WHERE status IN ({Settled}))"),
        ("worker(s) were noted as lost, so that their tasks are taken over",
            $"INSERT OR IGNORE INTO workers (id, process, started, created_at) SELECT DISTINCT worker, '', 1, 0 FROM tasks WHERE {TaskTable.Unsettled}"),
    ];

    /// <returns>What was done, in words.</returns>
    public static List<string> Run(SqliteConnection connection, IEnumerable<string> tables)
    {
        var done = new List<string>();
        foreach (var (what, sql) in Steps)
        {
            Add(what, connection.Execute(sql));
        }

        foreach (var id in connection.Query("SELECT id FROM tasks", reader => reader.GetInt32(0)).Where(id => !CanBeRead(connection, id)))
        {
            connection.Execute(
                $"""
                UPDATE tasks SET status = 'failed', reason = {Internal}, reason_text = '{Lost}', settings = '{"{}"}', quality = NULL, continuation = NULL,
                    denied_tools = NULL, gate_request = NULL, conversation_id = NULL, cost_usd = NULL WHERE id = $id
                """,
                ("$id", id));
            Add($"task {id}: parts of its record could not be understood and were left out", 1);
        }

        foreach (var table in tables)
        {
            foreach (var (column, parent) in connection.Query(
                "SELECT \"from\", \"table\" FROM pragma_foreign_key_list($table)", reader => (reader.GetString(0), reader.GetString(1)), ("$table", table)))
            {
                Add(
                    $"row(s) of {table} that belong to nothing were taken out",
                    connection.Execute($"DELETE FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {parent})"));
            }
        }

        return done;

        void Add(string what, int count)
        {
            if (count > 0)
            {
                done.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }
    }

    private static bool CanBeRead(SqliteConnection connection, int id)
    {
        try
        {
            return TaskTable.Find(connection, id) is not null;
        }
        catch (Exception e) when (e is not SqliteException)
        {
            return false;
        }
    }
}
