using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Store;

/// <summary>The columns of a task, in the order in which they are read.</summary>
internal static class TaskRow
{
    public static readonly string Columns = $"""
        t.id, t.guid, t.prompt, t.status, t.reason, t.reason_text, t.folder, s.name, t.created_at, t.updated_at, t.started_at, t.completed_at,
        t.model, t.permission_mode, t.conversation_id, t.starting_commit, t.starting_branch, t.files_changed, t.additions, t.deletions,
        t.cost_usd, t.input_tokens, t.output_tokens, t.cache_read_tokens, t.cache_creation_tokens, t.turns, t.exit_code, t.result,
        t.denied_tools, t.committed_sha, t.commit_message, t.rejected_at, t.rejection_reason,
        CASE WHEN t.status = 'pending' AND t.worktree IS NULL THEN coalesce(
            (SELECT task_id FROM leases WHERE repository_id = t.repository_id),
            (SELECT id FROM tasks WHERE repository_id = t.repository_id AND status = 'pending' AND worktree IS NULL AND is_held = 0 AND not_before IS NULL AND needs IS NULL
             ORDER BY priority DESC, id LIMIT 1)) END,
        t.status = 'pending' AND t.throttle_limit <=
            (SELECT count(*) FROM tasks WHERE status IN ('pre_flight', 'running', 'waiting_qa', 'qa_running')),
        t.repository_id, t.settings, t.worker, t.allow_dirty, t.base_tree, t.review_tree, t.result_tree, t.agent_process,
        t.worktree, t.branch, t.quality, t.repairs, t.gate_request,
        CASE WHEN t.needs IS NOT NULL AND t.status = 'pending' THEN {TaskQueue.Unmet} END,
        CASE WHEN t.status IN ('pending', 'running') THEN (SELECT min(id) FROM questions WHERE task_id = t.id AND state = 0) END,
        (SELECT count(*) FROM attempts WHERE task_id = t.id),
        t.priority, t.not_before, t.is_held, t.continues, t.continuation, t.resumes, t.opening, t.not_before IS NOT NULL OR t.needs IS NOT NULL, t.template
        """;

    public const string From = "FROM tasks t JOIN sessions s ON s.id = t.session_id";

    public static TaskRecord Read(Row reader)
    {
        var id = reader.GetInt32(0);
        var status = StatusMoves.FromStore(reader.GetString(3));
        var quality = StoreJson.ReadQuality(reader.Text(45));
        var continuation = StoreJson.ReadContinuation(reader.Text(55));
        var reason = (ClaudeTaskReason)reader.GetInt32(4);
        var task = new ClaudeTask
        {
            Id = id,
            TaskId = Guid.Parse(reader.GetString(1)),
            Prompt = reader.GetString(2),
            Template = reader.Text(59),
            Status = status,
            Reason = reason,
            ReasonText = reader.Text(5),
            Repository = reader.GetString(6),
            Session = reader.GetString(7),
            CreatedAt = SqlExtensions.FromStoreTime(reader.GetInt64(8)),
            UpdatedAt = SqlExtensions.FromStoreTime(reader.GetInt64(9)),
            StartedAt = reader.Time(10),
            CompletedAt = reader.Time(11),
            Model = reader.Text(12),
            PermissionMode = reader.GetString(13),
            ConversationId = reader.Text(14) is { } conversation ? Guid.Parse(conversation) : null,
            StartingCommit = reader.Text(15),
            StartingBranch = reader.Text(16),
            FilesChanged = reader.Int(17),
            Additions = reader.Int(18),
            Deletions = reader.Int(19),
            CostUsd = reader.Text(20) is { } cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : null,
            InputTokens = reader.Long(21),
            OutputTokens = reader.Long(22),
            CacheReadTokens = reader.Long(23),
            CacheCreationTokens = reader.Long(24),
            Turns = reader.Int(25),
            ExitCode = reader.Int(26),
            Result = reader.Text(27),
            DeniedTools = StoreJson.ReadList(reader.Text(28)),
            CommittedSha = reader.Text(29),
            CommitMessage = reader.Text(30),
            RejectedAt = reader.Time(31),
            RejectionReason = reader.Text(32),
            Worktree = reader.Text(43),
            Branch = reader.Text(44),
            Repairs = reader.GetInt32(46),
            AutoApprove = quality.AutoApprove,
            HasGatesToRun = !reader.IsNull(47),
            Attempts = reader.GetInt32(50),
            Priority = (ClaudeTaskPriority)reader.GetInt32(51),
            NotBefore = reader.Time(52),
            IsSuspended = status == ClaudeTaskStatus.Pending && reader.GetBoolean(53),
            Continues = reader.Int(54),
            OnQuestion = continuation.OnQuestion,
            WaitingFor = WaitingFor(reader, status, id, reason),
        };
        return new TaskRecord(
            task,
            reader.GetInt64(35),
            StoreJson.ReadSettings(reader.GetString(36)),
            Guid.Parse(reader.GetString(37)),
            reader.GetBoolean(38),
            quality,
            reader.Text(47) is { } names ? StoreJson.ReadList(names) : null,
            reader.Text(39),
            reader.Text(40),
            reader.Text(41),
            reader.Text(42))
        {
            Continuation = continuation,
            Resumes = reader.GetBoolean(56),
            Opening = reader.Text(57),
            WaitsByItself = reader.GetBoolean(58),
        };
    }

    private static string? WaitingFor(Row reader, ClaudeTaskStatus status, int id, ClaudeTaskReason reason)
    {
        var (first, dependency, question) = (reader.Int(33), reader.Int(48), reader.Int(49));
        return status switch
        {
            ClaudeTaskStatus.Pending or ClaudeTaskStatus.Running when question is not null => $"an answer to question {question}",
            ClaudeTaskStatus.Pending when reader.GetBoolean(53) => "a resume",
            ClaudeTaskStatus.Pending when dependency is not null => $"task {dependency}",
            ClaudeTaskStatus.Pending when reader.Time(52) is { } time && time > DateTime.UtcNow =>
                $"{(reason == ClaudeTaskReason.UsageLimit ? "the usage limit until " : "")}{TimeText.Moment(time)}",
            ClaudeTaskStatus.Pending when first is not null && first != id => $"task {first}",
            ClaudeTaskStatus.Pending when reader.GetBoolean(34) => "a free slot",
            ClaudeTaskStatus.WaitingApproval => "approval",
            _ => null,
        };
    }
}
