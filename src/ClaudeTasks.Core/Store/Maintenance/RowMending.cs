using System.Globalization;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// Makes the rows that were saved from a damaged store fit together again. What still has something to tell gets a stand-in for what it
/// belonged to; what has not is taken out.
/// </summary>
internal static class RowMending
{
    private const string Lost = "Its record was lost when the store was repaired. What is left of it is here.";

    private static readonly string RandomGuid =
        "lower(printf('%s-%s-%s-%s-%s', hex(randomblob(4)), hex(randomblob(2)), "
        + "hex(randomblob(2)), hex(randomblob(2)), hex(randomblob(6))))";

    private static readonly int LastKind = (int)Enum.GetValues<ClaudeTaskEventKind>().Max();
    private static readonly int Internal = (int)ClaudeTaskReason.InternalError;

    /// <summary>What is done first, in this order: words for how many rows it did something to, and the statement.</summary>
    private static readonly (string What, string Sql)[] Understanding =
    [
        ("task(s) whose record was lost stand as failed, for their events", $"""
            WITH RECURSIVE with_events (id) AS (
                SELECT (SELECT min(key) FROM events) >> 32
                UNION ALL
                SELECT (SELECT min(key) FROM events WHERE key >= (with_events.id + 1) << 32) >> 32
                FROM with_events WHERE with_events.id IS NOT NULL)
            INSERT INTO tasks (
                id, guid, repository_id, session_id, folder, prompt, settings, throttle_limit, worker, status, reason, reason_text,
                created_at, updated_at, completed_at, permission_mode)
            SELECT e.id, {RandomGuid},
                0, 0, '/', '(lost)', '{"{}"}', 1, '{Guid.Empty}', 'failed', {Internal}, '{Lost}',
                coalesce((SELECT time FROM events WHERE key > e.id << 32 ORDER BY key LIMIT 1), 0), 0, 0, ''
            FROM with_events e WHERE e.id > 0 AND e.id NOT IN (SELECT id FROM tasks)
            """),
        ("task(s) with a status that does not exist stand as failed",
            $"UPDATE tasks SET status = 'failed', reason = {Internal}, reason_text = 'Its status was lost when the store was repaired.' "
                + $"WHERE status NOT IN ({StatusList.All})"),
        ("event(s) whose time was lost stand at 1970",
            "UPDATE events SET time = 0 WHERE typeof(time) <> 'integer' OR time NOT BETWEEN 0 AND 253402300799999"),
        ("event(s) whose kind was lost stand as unknown",
            $"UPDATE events SET kind = {(int)ClaudeTaskEventKind.Unknown} "
                + $"WHERE typeof(kind) <> 'integer' OR kind NOT BETWEEN 0 AND {LastKind}"),
        ("worker(s) that cannot be understood were taken out", "DELETE FROM workers WHERE length(id) <> 36 OR id GLOB '*[^0-9a-f-]*'"),
        ("gate(s) that cannot be understood were taken out", "DELETE FROM gates WHERE NOT json_valid(definition)"),
        ("result(s) of gates that cannot be understood were taken out", "DELETE FROM gate_results WHERE NOT json_valid(changed_files)"),
        ("template(s) that cannot be understood were taken out", "DELETE FROM templates WHERE NOT json_valid(definition)"),
        ("decision(s) that cannot be understood were taken out",
            "DELETE FROM decisions WHERE NOT json_valid(paths) OR NOT json_valid(coalesce(plan, '{}'))"),
        ("question(s) that cannot be understood were taken out", "DELETE FROM questions WHERE NOT json_valid(options)"),
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
    ];

    /// <summary>What is done once every task can be read.</summary>
    private static readonly (string What, string Sql)[] Fitting =
    [
        ("lease(s) of tasks that have ended were given back",
            "DELETE FROM leases WHERE task_id IN "
                + $"(SELECT id FROM tasks WHERE status IN ({StatusList.Terminal}) AND id NOT IN (SELECT task_id FROM recoveries))"),
        ("lease(s) were made anew", $"""
            INSERT OR IGNORE INTO leases (repository_id, task_id, taken_at)
            SELECT repository_id, id, updated_at FROM tasks
            WHERE worktree IS NULL AND status NOT IN ({StatusList.Terminal}) AND (status <> 'pending' OR started_at IS NOT NULL)
            """),
        ("stop request(s) to tasks that have ended were taken out",
            $"DELETE FROM stop_requests WHERE task_id IN (SELECT id FROM tasks WHERE status IN ({StatusList.Settled}))"),
        ("question(s) of tasks that have ended were withdrawn",
            $"UPDATE questions SET state = {(int)ClaudeTaskQuestionState.Withdrawn} WHERE state = {(int)ClaudeTaskQuestionState.Open} "
                + $"AND task_id IN (SELECT id FROM tasks WHERE status IN ({StatusList.Settled}))"),
        ("worker(s) were noted as lost, so that their tasks are taken over",
            "INSERT OR IGNORE INTO workers (id, process, started, created_at) "
                + $"SELECT DISTINCT worker, '', 1, 0 FROM tasks WHERE {TaskTable.Unsettled}"),
    ];

    /// <returns>What was done, in words.</returns>
    public static List<string> Run(SqliteConnection connection, IEnumerable<string> tables)
    {
        var done = new List<string>();
        RunAll(Understanding);
        done.AddRange(
            connection.Query("SELECT id FROM tasks", reader => reader.GetInt64(0))
                .Where(id => !TryRead(connection, id))
                .Select(id => Mend(connection, id))
                .ToList());
        RunAll(Fitting);
        foreach (var table in tables)
        {
            foreach (var (column, parent) in connection.Query(
                "SELECT \"from\", \"table\" FROM pragma_foreign_key_list($table)",
                reader => (reader.GetString(0), reader.GetString(1)),
                ("$table", table)))
            {
                Add(
                    $"row(s) of {table} that belong to nothing were taken out",
                    connection.Execute($"DELETE FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {parent})"));
            }
        }

        return done;

        void RunAll((string What, string Sql)[] steps)
        {
            foreach (var (what, sql) in steps)
            {
                Add(what, connection.Execute(sql));
            }
        }

        void Add(string what, int count)
        {
            if (count > 0)
            {
                done.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }
    }

    /// <summary>
    /// Leaves out of a task all but its number, its place and its prompt; takes it out where even they cannot be understood.
    /// </summary>
    private static string Mend(SqliteConnection connection, long id)
    {
        connection.Execute(
            $"""
            UPDATE tasks SET guid = {RandomGuid}, settings = '{"{}"}', throttle_limit = 1, worker = '{Guid.Empty}', agent_process = NULL,
                status = 'failed', reason = {Internal}, reason_text = '{Lost}', priority = 0, created_at = 0, updated_at = 0,
                started_at = NULL, completed_at = 0, permission_mode = '', conversation_id = NULL, files_changed = NULL,
                additions = NULL, deletions = NULL, cost_usd = NULL, input_tokens = NULL, output_tokens = NULL,
                cache_read_tokens = NULL, cache_creation_tokens = NULL, turns = NULL, exit_code = NULL, denied_tools = NULL,
                rejected_at = NULL, repairs = 0, gate_request = NULL, continues = NULL, resumes = 0,
                is_held = 0, not_before = NULL, skip_late = NULL, needs = NULL, even_if_failed = 0
            WHERE id = $id
            """,
            ("$id", id));
        if (TryRead(connection, id))
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"Parts of the record of task {id} could not be understood; it stands as failed");
        }

        connection.Execute("DELETE FROM tasks WHERE id = $id", ("$id", id));
        return string.Create(
            CultureInfo.InvariantCulture, $"The record of task {id} could not be understood, and was taken out with its events");
    }

    private static bool TryRead(SqliteConnection connection, long id)
    {
        try
        {
            return TaskTable.Find(connection, checked((int)id)) is not null;
        }
        catch (Exception e) when (e is not SqliteException)
        {
            return false;
        }
    }
}
