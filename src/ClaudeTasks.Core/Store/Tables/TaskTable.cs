using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Reads tasks, submits them and moves them from status to status.</summary>
internal static class TaskTable
{
    /// <summary>Adds a task to the queue of its repository and returns its id.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="request">What the user asks for, completed by the defaults.</param>
    /// <param name="settings">
    /// Its settings for the store. In a cold process, writing them takes too long for the time under the write lock.
    /// </param>
    /// <param name="taskId">The task's GUID.</param>
    /// <param name="folder">The root of the repository's working tree.</param>
    /// <param name="session">The session's row.</param>
    /// <param name="repository">The repository's row.</param>
    /// <param name="worker">The worker that runs it.</param>
    public static int Insert(
        SqliteConnection connection,
        ClaudeTaskRequest request,
        string settings,
        Guid taskId,
        string folder,
        long session,
        long repository,
        Guid worker)
    {
        var start = request.Start;
        var now = DateTime.UtcNow.ToStoreTime();
        var id = connection.InsertNumbered(
            "tasks",
            (TaskColumns.TaskId.Name, taskId.ToString()),
            (TaskColumns.Repository.Name, repository),
            ("session_id", session),
            (TaskColumns.Status.Name, StatusMoves.ToStore(ClaudeTaskStatus.Pending)),
            (TaskColumns.Priority.Name, (int?)request.Priority),
            ("throttle_limit", request.ThrottleLimit),
            (TaskColumns.Worker.Name, worker.ToString()),
            (TaskColumns.CreatedAt.Name, now),
            (TaskColumns.UpdatedAt.Name, now),
            (TaskColumns.NotBefore.Name, start.NotBefore?.ToStoreTime()),
            ("skip_late", start.SkipIfLateBy is { } late ? (long)late.TotalMilliseconds : null),
            (TaskColumns.Needs.Name, start.DependsOn.Count == 0 ? null : start.AnyOfThem ? 1 : 0),
            ("even_if_failed", start.EvenIfFailed),
            (TaskColumns.Folder.Name, folder),
            (TaskColumns.Model.Name, request.Model),
            (TaskColumns.PermissionMode.Name, request.PermissionMode),
            (TaskColumns.Continues.Name, request.Continues),
            (TaskColumns.Resumes.Name, request.Continues is not null),
            (TaskColumns.Template.Name, request.Template),
            (TaskColumns.Settings.Name, settings),
            (TaskColumns.Opening.Name, request.Continues is null ? null : request.Prompt),
            (TaskColumns.Prompt.Name, request.Prompt));
        foreach (var on in start.DependsOn.Distinct())
        {
            connection.Insert("dependencies", ("task_id", id), ("on_task", on));
        }

        EventLog.Append(connection, id, new EventDraft(ClaudeTaskEventKind.Status, "Pending"));
        return id;
    }

    /// <summary>
    /// Moves a task that still has the status <paramref name="from"/> and no unfinished decision. Records the move as an event, and
    /// releases the lease of a task that ends.
    /// </summary>
    /// <returns>False if another process moved the task, or is deciding on it.</returns>
    public static bool Move(
        SqliteConnection connection,
        int id,
        ClaudeTaskStatus from,
        ClaudeTaskStatus to,
        ClaudeTaskReason reason = ClaudeTaskReason.None,
        string? reasonText = null,
        bool keepsReason = false)
    {
        if (!StatusMoves.IsAllowed(from, to))
        {
            throw new InvalidOperationException($"A task cannot move from {from} to {to}.");
        }

        var now = DateTime.UtcNow.ToStoreTime();
        var moved = connection.Execute(
            $"""
            UPDATE tasks SET status = $to, {(keepsReason ? "" : "reason = $reason, reason_text = $text, ")}updated_at = $now
                {(to == ClaudeTaskStatus.PreFlight ? ", started_at = coalesce(started_at, $now), not_before = NULL" : "")}
                {(to == ClaudeTaskStatus.Pending ? ", completed_at = NULL" : "")}
                {(to == ClaudeTaskStatus.QaRunning || StatusMoves.IsTerminal(to) ? ", gate_request = NULL" : "")}
                {(StatusMoves.IsSettled(to) ? ", completed_at = coalesce(completed_at, $now)" : "")}
            WHERE id = $id AND status = $from AND NOT EXISTS (SELECT 1 FROM decisions WHERE task_id = $id AND state <> 1)
            """,
            ("$to", StatusMoves.ToStore(to)),
            ("$reason", (int)reason),
            ("$text", reasonText),
            ("$now", now),
            ("$id", id),
            ("$from", StatusMoves.ToStore(from))) == 1;
        if (!moved)
        {
            return false;
        }

        RecoveryTable.RemoveDecision(connection, id);
        if (StatusMoves.IsTerminal(to))
        {
            connection.Execute("DELETE FROM leases WHERE task_id = $id", ("$id", id));
            connection.Execute("UPDATE tasks SET is_held = 0 WHERE id = $id", ("$id", id));
        }

        if (StatusMoves.IsSettled(to))
        {
            QuestionTable.Withdraw(connection, id);
        }

        if (StatusMoves.IsSettled(to) || to == ClaudeTaskStatus.Pending)
        {
            connection.Execute("DELETE FROM stop_requests WHERE task_id = $id", ("$id", id));
        }

        var kind = to == ClaudeTaskStatus.Failed ? ClaudeTaskEventKind.Error : ClaudeTaskEventKind.Status;
        EventLog.Append(connection, id, new EventDraft(kind, reasonText is null ? to.ToString() : $"{to}: {reasonText}"));
        return true;
    }

    /// <summary>Sets columns of a task. The names are from this code, never from outside.</summary>
    public static void Set(SqliteConnection connection, int id, params (string Column, object? Value)[] values)
    {
        var assignments = string.Join(", ", values.Select((value, i) => $"{value.Column} = $v{i}"));
        var parameters = values.Select((value, i) => ($"$v{i}", value.Value))
            .Append(("$id", id))
            .Append(("$now", DateTime.UtcNow.ToStoreTime()));
        connection.Execute($"UPDATE tasks SET {assignments}, updated_at = $now WHERE id = $id", [.. parameters]);
    }

    /// <summary>
    /// Removes a task, if it still has the status it was read with, and notes its files for <see cref="LeftoverTable"/>. False when
    /// somebody moved it first.
    /// </summary>
    public static bool Remove(SqliteConnection connection, TaskRecord task)
    {
        TaskQueue.HandOver(connection, task.Id);
        if (connection.Execute(
            "DELETE FROM tasks WHERE id = $id AND status = $status",
            ("$id", task.Id),
            ("$status", StatusMoves.ToStore(task.Task.Status))) == 0)
        {
            return false;
        }

        LeftoverTable.Add(connection, Leftover.Of(task));
        return true;
    }

    public static TaskRecord? Find(SqliteConnection connection, int id) =>
        connection.Query($"SELECT {TaskColumns.Sql} {TaskColumns.From} WHERE t.id = $id", TaskRow.Read, ("$id", id)).SingleOrDefault();

    /// <summary>The tasks whose agent may be at work.</summary>
    public static List<TaskRecord> WithAgents(SqliteConnection connection) => connection.Query(
        $"SELECT {TaskColumns.Sql} {TaskColumns.From} WHERE t.status IN ({StatusList.Active}) AND t.agent_process IS NOT NULL",
        TaskRow.Read);

    /// <summary>Deletes a task and, by cascade, all of its records.</summary>
    public static void Delete(SqliteConnection connection, int id) => connection.Execute("DELETE FROM tasks WHERE id = $id", ("$id", id));

    public static bool HasFolder(SqliteConnection connection, string folder) =>
        connection.Scalar("SELECT 1 FROM tasks WHERE folder = $folder LIMIT 1", ("$folder", folder)) is not null;

    /// <summary>Those of the tasks that there are, by number.</summary>
    public static List<ClaudeTask> FindAll(SqliteConnection connection, IEnumerable<int> ids) =>
        connection.Query(
            $"SELECT {TaskColumns.Sql} {TaskColumns.From} WHERE t.id IN (SELECT value FROM json_each($ids)) ORDER BY t.id",
            reader => TaskRow.Read(reader).Task,
            ("$ids", $"[{string.Join(',', ids)}]"));

    public static int? FindId(SqliteConnection connection, Guid taskId) =>
        connection.Scalar("SELECT id FROM tasks WHERE guid = $guid", ("$guid", taskId.ToString())) is long id ? (int)id : null;

    /// <summary>
    /// What a worker still has to do something for: nobody lives for what is suspended or approved. A decision that was interrupted is a
    /// recovery's.
    /// </summary>
    public static readonly string Unsettled = $"""
        status IN ({StatusList.NotEnded}) AND (
            (status IN ({StatusList.Unsettled}) AND is_held = 0)
            OR gate_request IS NOT NULL)
        """;

    /// <summary>The tasks of a session in the order of time.</summary>
    public static List<TaskRecord> OfSession(SqliteConnection connection, long session) => connection.Query(
        $"SELECT {TaskColumns.Sql} {TaskColumns.From} WHERE t.session_id = $session ORDER BY t.id", TaskRow.Read, ("$session", session));

    /// <summary>The tasks of a worker whose gates somebody asked it to run.</summary>
    public static List<int> AskedForGates(SqliteConnection connection, Guid worker) =>
        connection.Query(
            $"SELECT id FROM tasks WHERE worker = $worker AND status IN ({StatusList.Undecided}) "
                + "AND gate_request IS NOT NULL AND id NOT IN (SELECT task_id FROM recoveries)",
            reader => reader.GetInt32(0),
            ("$worker", worker.ToString()));

    /// <summary>The tasks of a worker that it still has to bring to an end, and whether each waits for a moment or another task.</summary>
    public static List<(int Id, ClaudeTaskStatus Status, bool WaitsByItself)> UnsettledOf(SqliteConnection connection, Guid worker) =>
        connection.Query(
            "SELECT id, status, not_before IS NOT NULL OR needs IS NOT NULL "
                + $"FROM tasks WHERE worker = $worker AND ({Unsettled}) ORDER BY id",
            reader => (reader.GetInt32(0), StatusMoves.FromStore(reader.GetString(1)), reader.GetBoolean(2)),
            ("$worker", worker.ToString()));

    /// <summary>The status of a task; null when there is no such task.</summary>
    public static ClaudeTaskStatus? StatusOf(SqliteConnection connection, int id) =>
        connection.Scalar("SELECT status FROM tasks WHERE id = $id", ("$id", id)) is string status ? StatusMoves.FromStore(status) : null;
}
