using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>
/// The columns of a task that are read, each declared once. In a query <c>t</c> is the task, <c>s</c> its session and <c>v</c> its
/// recovery.
/// </summary>
internal static class TaskColumns
{
    public const string From = "FROM tasks t JOIN sessions s ON s.id = t.session_id LEFT JOIN recoveries v ON v.task_id = t.id";

    private static readonly ColumnList All = new("t");

    public static readonly Column<int> Id = All.Int32("id");
    public static readonly Column<Guid> TaskId = All.Guid("guid");
    public static readonly Column<long> Repository = All.Int64("repository_id");
    public static readonly Column<ClaudeTaskStatus> Status = All.Add("status", (row, i) => StatusMoves.FromStore(row.GetString(i)));
    public static readonly Column<ClaudeTaskReason> Reason = All.Add("reason", (row, i) => (ClaudeTaskReason)row.GetInt32(i));
    public static readonly Column<ClaudeTaskPriority> Priority = All.Add("priority", (row, i) => (ClaudeTaskPriority)row.GetInt32(i));
    public static readonly Column<Guid> Worker = All.Guid("worker");
    public static readonly Column<string?> AgentProcess = All.TextOrNull("agent_process");
    public static readonly Column<DateTime> CreatedAt = All.Time("created_at");
    public static readonly Column<DateTime> UpdatedAt = All.Time("updated_at");
    public static readonly Column<DateTime?> StartedAt = All.TimeOrNull("started_at");
    public static readonly Column<DateTime?> CompletedAt = All.TimeOrNull("completed_at");
    public static readonly Column<bool> IsHeld = All.Flag("is_held");
    public static readonly Column<DateTime?> NotBefore = All.TimeOrNull("not_before");
    public static readonly Column<int?> Needs = All.Int32OrNull("needs");
    public static readonly Column<string> Folder = All.Text("folder");
    public static readonly Column<string?> Worktree = All.TextOrNull("worktree");
    public static readonly Column<string?> Branch = All.TextOrNull("branch");
    public static readonly Column<string?> StartingCommit = All.TextOrNull("starting_commit");
    public static readonly Column<string?> StartingBranch = All.TextOrNull("starting_branch");
    public static readonly Column<string?> BaseTree = All.TextOrNull("base_tree");
    public static readonly Column<string?> ReviewTree = All.TextOrNull("review_tree");
    public static readonly Column<string?> ResultTree = All.TextOrNull("result_tree");
    public static readonly Column<string?> Model = All.TextOrNull("model");
    public static readonly Column<string> PermissionMode = All.Text("permission_mode");
    public static readonly Column<Guid?> ConversationId = All.GuidOrNull("conversation_id");
    public static readonly Column<int?> Continues = All.Int32OrNull("continues");
    public static readonly Column<bool> Resumes = All.Flag("resumes");
    public static readonly Column<decimal?> CostUsd = All.CostOrNull("cost_usd");
    public static readonly Column<long?> InputTokens = All.Int64OrNull("input_tokens");
    public static readonly Column<long?> OutputTokens = All.Int64OrNull("output_tokens");
    public static readonly Column<long?> CacheReadTokens = All.Int64OrNull("cache_read_tokens");
    public static readonly Column<long?> CacheCreationTokens = All.Int64OrNull("cache_creation_tokens");
    public static readonly Column<int?> Turns = All.Int32OrNull("turns");
    public static readonly Column<int?> ExitCode = All.Int32OrNull("exit_code");
    public static readonly Column<int?> FilesChanged = All.Int32OrNull("files_changed");
    public static readonly Column<int?> Additions = All.Int32OrNull("additions");
    public static readonly Column<int?> Deletions = All.Int32OrNull("deletions");
    public static readonly Column<int> Repairs = All.Int32("repairs");
    public static readonly Column<IReadOnlyList<string>?> GateRequest =
        All.Add("gate_request", (row, i) => row.Text(i) is { } names ? StoreJson.ReadList(names) : null);

    public static readonly Column<string?> CommittedSha = All.TextOrNull("committed_sha");
    public static readonly Column<DateTime?> RejectedAt = All.TimeOrNull("rejected_at");
    public static readonly Column<string?> Template = All.TextOrNull("template");
    public static readonly Column<TaskSettings> Settings = All.Add("settings", (row, i) => StoreJson.ReadSettings(row.GetString(i)));
    public static readonly Column<IReadOnlyList<string>> DeniedTools = All.Add("denied_tools", (row, i) => StoreJson.ReadList(row.Text(i)));
    public static readonly Column<string?> RejectionReason = All.TextOrNull("rejection_reason");
    public static readonly Column<string?> CommitMessage = All.TextOrNull("commit_message");
    public static readonly Column<string?> Opening = All.TextOrNull("opening");
    public static readonly Column<string> Prompt = All.Text("prompt");
    public static readonly Column<string?> Result = All.TextOrNull("result");

    public static readonly Column<string> Session = All.Computed("session", "s.name", (row, i) => row.GetString(i));
    public static readonly Column<string?> ReasonText = All.Computed(
        "reason_and_problem", "nullif(concat_ws(' ', t.reason_text, v.problem), '')", (row, i) => row.Text(i));

    public static readonly Column<bool> IsBeingRecovered =
        All.Computed("is_being_recovered", "v.task_id IS NOT NULL", (row, i) => row.GetBoolean(i));
    public static readonly Column<bool> IsHeldUp = All.Computed("is_held_up", "v.problem IS NOT NULL", (row, i) => row.GetBoolean(i));
    public static readonly Column<int> Attempts = All.Computed(
        "attempts", "(SELECT count(*) FROM attempts WHERE task_id = t.id)", (row, i) => row.GetInt32(i));

    /// <summary>The task that has its repository, or comes before it there; itself where it comes next.</summary>
    public static readonly Column<int?> First = All.Computed(
        "first",
        """
        CASE WHEN t.status = 'pending' AND t.worktree IS NULL THEN coalesce(
            (SELECT task_id FROM leases WHERE repository_id = t.repository_id),
            (SELECT id FROM tasks WHERE repository_id = t.repository_id AND status = 'pending' AND worktree IS NULL
                AND is_held = 0 AND not_before IS NULL AND needs IS NULL ORDER BY priority DESC, id LIMIT 1)) END
        """,
        (row, i) => row.Int(i));

    public static readonly Column<bool> LacksSlot = All.Computed(
        "lacks_slot",
        $"t.status = 'pending' AND t.throttle_limit <= (SELECT count(*) FROM tasks WHERE status IN ({StatusList.Active}))",
        (row, i) => row.GetBoolean(i));

    public static readonly Column<int?> Dependency = All.Computed(
        "dependency", $"CASE WHEN t.needs IS NOT NULL AND t.status = 'pending' THEN {TaskQueue.Unmet} END", (row, i) => row.Int(i));

    public static readonly Column<int?> Question = All.Computed(
        "question",
        "CASE WHEN t.status IN ('pending', 'running') THEN (SELECT min(id) FROM questions WHERE task_id = t.id AND state = 0) END",
        (row, i) => row.Int(i));

    /// <summary>All of them, for a <c>SELECT</c>. It stands last, as fields are initialized in the order of the text.</summary>
    public static readonly string Sql = All.Sql;
}
