using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// Whose turn it is. In a repository one task at a time, by priority, then id; over repositories the one that was served longest ago
/// first. The lease on the repository and the move to pre-flight are one transaction. Tasks with a work tree of their own need no lease.
/// </summary>
internal static class TaskQueue
{
    private static readonly string IsMet = $"""
        EXISTS (SELECT 1 FROM tasks o WHERE o.id = d.on_task
            AND (o.status = 'completed' OR (t.even_if_failed AND o.status IN ({StatusList.EndedBadly}))))
        """;

    /// <summary>
    /// Whether a queued task may start, apart from its turn: nobody holds it, its moment has come, what its last worker left is
    /// recovered, what it depends on is done, and no other task is in the conversation it goes on with.
    /// </summary>
    private static readonly string Ready = $"""
        t.is_held = 0
        AND (t.not_before IS NULL OR t.not_before <= $now)
        AND NOT EXISTS (SELECT 1 FROM recoveries WHERE task_id = t.id)
        AND NOT EXISTS (
            SELECT 1 FROM tasks o WHERE o.conversation_id = t.conversation_id AND o.id <> t.id
                AND o.status IN ({StatusList.Active}))
        AND NOT EXISTS (
            SELECT 1 FROM tasks o WHERE o.id = t.continues AND o.status IN ({StatusList.Unsettled}))
        AND (t.needs IS NULL OR iif(t.needs, EXISTS (SELECT 1 FROM dependencies d WHERE d.task_id = t.id AND {IsMet}),
            NOT EXISTS (SELECT 1 FROM dependencies d WHERE d.task_id = t.id AND NOT {IsMet})))
        """;

    /// <summary>
    /// Whether a task that one depends on came to the end it waits for, or may yet; a condition over <c>t</c> and <c>d</c>.
    /// </summary>
    public static readonly string CanBeMet = $"""
        EXISTS (SELECT 1 FROM tasks o WHERE o.id = d.on_task AND (t.even_if_failed OR o.status NOT IN ({StatusList.EndedBadly})))
        """;

    /// <summary>
    /// The first task of every repository that is free, and all with a work tree of their own, in the order in which they may start. A task
    /// that pauses keeps its repository, so nobody else of it is asked then.
    /// </summary>
    private static readonly string Heads = $"""
        SELECT t.id, t.worker, t.throttle_limit, t.priority, r.last_started_at
        FROM repositories r
        JOIN tasks t ON t.id = coalesce(
            (SELECT task_id FROM leases WHERE repository_id = r.id),
            {FirstReady})
        WHERE t.status = 'pending' AND {Ready}
        UNION ALL
        SELECT t.id, t.worker, t.throttle_limit, t.priority, r.last_started_at
        FROM tasks t JOIN repositories r ON r.id = t.repository_id
        WHERE t.status = 'pending' AND t.worktree IS NOT NULL AND {Ready}
        ORDER BY 4 DESC, 5, 1
        """;

    private static readonly string Next = $"""
        SELECT EXISTS (
                SELECT 1 FROM repositories r JOIN tasks t ON t.id = {FirstReady} WHERE t.worker = $worker)
            OR EXISTS (SELECT 1 FROM tasks t WHERE t.worker = $worker AND t.status = 'pending' AND t.worktree IS NOT NULL AND {Ready})
        """;

    /// <summary>The task of repository <c>r</c> that comes next, as an expression.</summary>
    private static string FirstReady => $"""
        (SELECT t.id FROM tasks t WHERE t.repository_id = r.id AND t.status = 'pending' AND t.worktree IS NULL AND {Ready}
         ORDER BY t.priority DESC, t.id LIMIT 1)
        """;

    /// <summary>One of the tasks a queued task still depends on, as an expression over <c>t</c>.</summary>
    public static string Unmet { get; } = $"(SELECT min(d.on_task) FROM dependencies d WHERE d.task_id = t.id AND NOT {IsMet})";

    /// <summary>The next task the worker may start now, or null. A look that takes no write lock.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="except">Tasks to pass over.</param>
    public static int? Peek(SqliteConnection connection, Guid worker, IReadOnlyCollection<int> except)
    {
        var running = connection.Scalar(
            $"SELECT count(*) FROM tasks WHERE status IN ({StatusList.Active})") is long count ? count : 0;
        var ahead = 0;
        foreach (var (id, owner, limit) in connection.Query(
            Heads,
            reader => (Id: reader.GetInt32(0), Owner: reader.GetString(1), Limit: reader.GetInt32(2)),
            ("$now", DateTime.UtcNow.ToStoreTime())))
        {
            // Those before it that may start have the first claim on the slots, whether their worker is quick or not.
            if (running + ahead >= limit || except.Contains(id))
            {
                continue;
            }

            if (owner == worker.ToString())
            {
                if (WaitsForBudget(connection, id))
                {
                    continue;
                }

                return id;
            }

            ahead++;
        }

        return null;
    }

    /// <summary>Whether the task was sent back to the queue for the day's limit, and other agents still hold what it needs.</summary>
    private static bool WaitsForBudget(SqliteConnection connection, int task) =>
        connection.Scalar("SELECT reason FROM tasks WHERE id = $id", ("$id", task)) is (long)ClaudeTaskReason.BudgetExceeded
        && TaskTable.Find(connection, task) is { } record
        && DayBudget.Today(connection).IsTakenFor(record.Settings.MaxCost - (record.Task.CostUsd ?? 0));

    /// <summary>Whether a task of the worker is the next one in its repository, whoever is at work there now.</summary>
    public static bool IsNext(SqliteConnection connection, Guid worker) =>
        connection.Scalar(Next, ("$worker", worker.ToString()), ("$now", DateTime.UtcNow.ToStoreTime())) is 1L;

    /// <summary>Takes the next task: its repository's lease and the move to pre-flight.</summary>
    public static int? Take(SqliteConnection connection, Guid worker, IReadOnlyCollection<int> except)
    {
        if (Peek(connection, worker, except) is not { } id
            || !TaskTable.Move(connection, id, ClaudeTaskStatus.Pending, ClaudeTaskStatus.PreFlight))
        {
            return null;
        }

        KeepLease(connection, id);
        connection.Execute(
            "UPDATE repositories SET last_started_at = $now WHERE id = (SELECT repository_id FROM tasks WHERE id = $id)",
            ("$id", id),
            ("$now", DateTime.UtcNow.ToStoreTime()));
        return id;
    }

    /// <summary>
    /// Queued tasks that can never start: what they depend on failed or is gone, or their moment has passed for too long.
    /// </summary>
    /// <returns>The tasks, on which one each of them depended in vain, and whether it is too late for them.</returns>
    public static List<(int Task, int? On, bool IsLate)> FindHopeless(SqliteConnection connection) => connection.Query(
        $"""
        SELECT t.id,
            (SELECT min(d.on_task) FROM dependencies d WHERE d.task_id = t.id AND NOT {CanBeMet}),
            t.skip_late IS NOT NULL AND t.not_before + t.skip_late < $now
        FROM tasks t WHERE t.status = 'pending' AND (t.needs IS NOT NULL OR t.skip_late IS NOT NULL) AND t.started_at IS NULL AND (
            (t.needs = 0 AND EXISTS (SELECT 1 FROM dependencies d WHERE d.task_id = t.id AND NOT {CanBeMet}))
            OR (t.needs = 1 AND NOT EXISTS (SELECT 1 FROM dependencies d WHERE d.task_id = t.id AND {CanBeMet}))
            OR (t.is_held = 0 AND t.skip_late IS NOT NULL AND t.not_before + t.skip_late < $now))
        """,
        reader => (reader.GetInt32(0), reader.Int(1), reader.GetBoolean(2)),
        ("$now", DateTime.UtcNow.ToStoreTime()));

    /// <summary>Ends them.</summary>
    public static void EndHopeless(SqliteConnection connection)
    {
        foreach (var (id, on, isLate) in FindHopeless(connection))
        {
            _ = isLate
                ? TaskTable.Move(
                    connection,
                    id,
                    ClaudeTaskStatus.Pending,
                    ClaudeTaskStatus.Cancelled,
                    ClaudeTaskReason.TooLate,
                    "Its moment had passed for longer than -SkipIfLateBy allows. Nothing was run.")
                : TaskTable.Move(
                    connection,
                    id,
                    ClaudeTaskStatus.Pending,
                    ClaudeTaskStatus.Failed,
                    ClaudeTaskReason.DependencyFailed,
                    $"Task {on}, on which it depends, did not end well or is gone. Nothing was run.");
        }
    }

    /// <summary>
    /// What queued tasks need of one that is about to be removed stays theirs: its conversation, and that it ended as they waited for. What
    /// did not come to that end is seen to be gone. Most have nobody behind them: then no queue is looked through, however long it is.
    /// </summary>
    public static void HandOver(SqliteConnection connection, int task)
    {
        connection.Execute(
            $"""
            UPDATE tasks AS t SET needs = NULL
                WHERE id IN (SELECT task_id FROM dependencies WHERE on_task = $id) AND status = 'pending' AND needs = 1
                AND EXISTS (SELECT 1 FROM dependencies d WHERE d.task_id = t.id AND d.on_task = $id AND {IsMet})
            """,
            ("$id", task));
        connection.Execute(
            "DELETE FROM dependencies AS d WHERE on_task = $id "
                + $"AND EXISTS (SELECT 1 FROM tasks t WHERE t.id = d.task_id AND t.needs = 0 AND {IsMet})",
            ("$id", task));
        connection.Execute(
            """
            UPDATE tasks SET conversation_id = gone.conversation_id
                FROM (SELECT conversation_id FROM tasks WHERE id = $id AND conversation_id IS NOT NULL) AS gone
                WHERE status = 'pending' AND continues = $id AND tasks.conversation_id IS NULL
            """,
            ("$id", task));
    }

    /// <summary>Keeps the repository of a task that has ended, until its recovery has completed.</summary>
    public static void KeepLease(SqliteConnection connection, int task) => connection.Execute(
        "INSERT OR IGNORE INTO leases (repository_id, task_id, taken_at) "
            + "SELECT repository_id, id, $now FROM tasks WHERE id = $id AND worktree IS NULL",
        ("$id", task),
        ("$now", DateTime.UtcNow.ToStoreTime()));

    /// <summary>Gives the repository of a task back if the task has ended.</summary>
    public static void GiveLeaseBackIfEnded(SqliteConnection connection, int task) => connection.Execute(
        $"DELETE FROM leases WHERE task_id = $id AND (SELECT status FROM tasks WHERE id = $id) IN ({StatusList.Terminal})",
        ("$id", task));

    /// <summary>Keeps a queued task from starting until somebody resumes it. False when it is queued no more, or held already.</summary>
    public static bool Hold(SqliteConnection connection, int task, ClaudeTaskReason reason, string text)
    {
        if (connection.Execute(
            "UPDATE tasks SET is_held = 1, reason = $reason, reason_text = $text, updated_at = $now "
                + "WHERE id = $id AND status = 'pending' AND is_held = 0",
            ("$id", task),
            ("$reason", (int)reason),
            ("$text", text),
            ("$now", DateTime.UtcNow.ToStoreTime())) == 0)
        {
            return false;
        }

        EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Status, $"Suspended: {text}"));
        return true;
    }

    /// <summary>Lets a held task start again, by a worker. False when it is not held.</summary>
    public static bool Release(SqliteConnection connection, int task, Guid worker)
    {
        if (connection.Execute(
            "UPDATE tasks SET is_held = 0, worker = $worker, reason = 0, reason_text = NULL, updated_at = $now "
                + "WHERE id = $id AND status = 'pending' AND is_held = 1",
            ("$id", task),
            ("$worker", worker.ToString()),
            ("$now", DateTime.UtcNow.ToStoreTime())) == 0)
        {
            return false;
        }

        EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Status, "Resumed"));
        return true;
    }

    /// <summary>
    /// Asks the task's worker to stop it, or to suspend it; who asked for a stop is not overruled by who asks for a pause. False when it is
    /// not at work any more: a request that stayed behind would meet its next run.
    /// </summary>
    public static bool RequestStop(SqliteConnection connection, int task, bool suspends = false) => connection.Execute(
        $"""
        INSERT INTO stop_requests (task_id, requested_at, suspends) SELECT id, $now, $suspends FROM tasks
            WHERE id = $id AND (status IN ({StatusList.Active}) OR (status = 'approved' AND settings ->> 'AutoApprove'))
                AND (status IN ({StatusList.AgentAtWork}) OR NOT $suspends)
        ON CONFLICT (task_id) DO UPDATE SET suspends = min(suspends, excluded.suspends)
        """,
        ("$id", task),
        ("$suspends", suspends),
        ("$now", DateTime.UtcNow.ToStoreTime())) == 1;

    /// <summary>What somebody asked for: true for a pause, false for an end; null when nobody asked for either.</summary>
    public static bool? StopRequest(SqliteConnection connection, int task) =>
        connection.Scalar("SELECT suspends FROM stop_requests WHERE task_id = $id", ("$id", task)) is long suspends ? suspends != 0 : null;

    public static List<(int Task, bool Suspends)> StopRequests(SqliteConnection connection, Guid worker) => connection.Query(
        "SELECT r.task_id, r.suspends FROM stop_requests r JOIN tasks t ON t.id = r.task_id WHERE t.worker = $worker",
        reader => (reader.GetInt32(0), reader.GetBoolean(1)),
        ("$worker", worker.ToString()));
}
