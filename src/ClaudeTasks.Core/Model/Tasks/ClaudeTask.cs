namespace ClaudeTasks.Model;

/// <summary>One prompt, run once on one repository: a snapshot of what the store knows. All times are UTC.</summary>
public sealed record ClaudeTask
{
    /// <summary>The number people type.</summary>
    public int Id { get; init; }

    /// <summary>The identity that is unique everywhere; the agent's processes carry it as a cookie.</summary>
    public Guid TaskId { get; init; }

    /// <summary>What Claude was asked to do.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The template the prompt was made from, if it was.</summary>
    public string? Template { get; init; }

    /// <summary>Where the task is in its life.</summary>
    public ClaudeTaskStatus Status { get; init; }

    /// <summary>Why it is there.</summary>
    public ClaudeTaskReason Reason { get; init; }

    /// <summary>The reason as a sentence, with what to do where something can be done.</summary>
    public string? ReasonText { get; init; }

    /// <summary>
    /// What the task waits for: another task, an answer, a moment, a person; null when it waits for nothing. As text, the words for it.
    /// </summary>
    public ClaudeTaskWait? WaitingFor { get; init; }

    /// <summary>The root of the work tree the user named; the task runs in it, unless it has its own.</summary>
    public string Repository { get; init; } = "";

    /// <summary>
    /// The task's own work tree (<c>-Worktree</c>); null when it runs in the repository's. Gone once everything in it is decided.
    /// </summary>
    public string? Worktree { get; init; }

    /// <summary>The branch of the task's own work tree.</summary>
    public string? Branch { get; init; }

    /// <summary>The name of the session the task belongs to.</summary>
    public string Session { get; init; } = "";

    /// <summary>When it was submitted.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When anything about it last changed.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>When its turn came.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When the machine's part ended.</summary>
    public DateTime? CompletedAt { get; init; }

    /// <summary>How long the machine worked on it; up to now while it runs.</summary>
    public TimeSpan? Duration => StartedAt is { } start ? (CompletedAt ?? DateTime.UtcNow) - start : null;

    /// <summary>The model that was asked for, or the one the agent reported.</summary>
    public string? Model { get; init; }

    /// <summary>The permission mode the agent was started with.</summary>
    public string PermissionMode { get; init; } = "";

    /// <summary>Claude's own session id, with which the conversation can be resumed.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>The commit that was checked out at the start; null in a repository with no commit.</summary>
    public string? StartingCommit { get; init; }

    /// <summary>The branch that was checked out at the start; null when HEAD was detached.</summary>
    public string? StartingBranch { get; init; }

    /// <summary>How many files the task changed; null while that is not known.</summary>
    public int? FilesChanged { get; init; }

    /// <summary>Lines added in all text files.</summary>
    public int? Additions { get; init; }

    /// <summary>Lines removed in all text files.</summary>
    public int? Deletions { get; init; }

    /// <summary>What the agent reported as its cost, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Input tokens that were not read from the cache.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Input tokens read from the cache.</summary>
    public long? CacheReadTokens { get; init; }

    /// <summary>Input tokens written to the cache.</summary>
    public long? CacheCreationTokens { get; init; }

    /// <summary>Turns as the agent counts them.</summary>
    public int? Turns { get; init; }

    /// <summary>The agent's exit code; 128 + n after signal n.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Claude's final answer.</summary>
    public string? Result { get; init; }

    /// <summary>Tools that Claude wanted to use and was denied, in order.</summary>
    public IReadOnlyList<string> DeniedTools { get; init; } = [];

    /// <summary>How often what gates found went back to Claude.</summary>
    public int Repairs { get; init; }

    /// <summary>How many agent processes worked on it.</summary>
    public int Attempts { get; init; }

    /// <summary>Which of the tasks that may start begins first.</summary>
    public ClaudeTaskPriority Priority { get; init; }

    /// <summary>It starts, or goes on, not before this moment.</summary>
    public DateTime? NotBefore { get; init; }

    /// <summary>Whether it waits for somebody to resume it.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>What becomes of Claude's questions.</summary>
    public QuestionPolicy OnQuestion { get; init; }

    /// <summary>The task whose conversation it goes on with.</summary>
    public int? Continues { get; init; }

    /// <summary>Whether a result that passes its gates is committed with no person asked.</summary>
    public bool AutoApprove { get; init; }

    /// <summary>Whether somebody asked for gates to run again and they have not begun yet.</summary>
    public bool HasGatesToRun { get; init; }

    /// <summary>The commit that an approval made.</summary>
    public string? CommittedSha { get; init; }

    /// <summary>The message of that commit.</summary>
    public string? CommitMessage { get; init; }

    /// <summary>When the result was rejected.</summary>
    public DateTime? RejectedAt { get; init; }

    /// <summary>Why the result was rejected.</summary>
    public string? RejectionReason { get; init; }

    /// <summary>The machine has nothing more to do for the task: a person decides, or it ended.</summary>
    public bool IsSettled =>
        IsSuspended
            || (StatusMoves.IsSettled(Status) && (IsHeldUp || !(IsBeingRecovered || (AutoApprove && Status == ClaudeTaskStatus.Approved))));

    /// <summary>Whether its worker died or a decision on it was interrupted, and the recovery of that has not completed yet.</summary>
    public bool IsBeingRecovered { get; init; }

    /// <summary>Whether its recovery failed and is tried again later; the reason text says why.</summary>
    internal bool IsHeldUp { get; init; }

    /// <summary>The task has ended: no further status follows.</summary>
    public bool IsEnded => StatusMoves.IsTerminal(Status);

    /// <inheritdoc/>
    public override string ToString() => $"Task {Id}";
}
