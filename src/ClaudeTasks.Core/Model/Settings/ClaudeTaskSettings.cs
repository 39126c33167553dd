namespace ClaudeTasks.Model;

/// <summary>
/// What can be said of a task beside its prompt; null is what was not said. This is the one place that knows what outranks what: what is
/// said of the task, then its template, then the options, then what is built in.
/// </summary>
public record ClaudeTaskSettings
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>What Claude may do without asking.</summary>
    public string? PermissionMode { get; init; }

    /// <summary>Tools Claude may use without asking, in its own rule syntax.</summary>
    public IReadOnlyList<string>? AllowedTool { get; init; }

    /// <summary>Tools that are not offered to Claude.</summary>
    public IReadOnlyList<string>? DisallowedTool { get; init; }

    /// <summary>Text to append to the system prompt.</summary>
    public string? AppendSystemPrompt { get; init; }

    /// <summary>Further flags of Claude Code, each one argument.</summary>
    public IReadOnlyList<string>? AgentArgument { get; init; }

    /// <summary>Whether Claude Code leaves the repository's own settings, hooks, MCP servers and CLAUDE.md out.</summary>
    public bool? Isolated { get; init; }

    /// <summary>How long Claude may work.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long Claude may be silent.</summary>
    public TimeSpan? StallTimeout { get; init; }

    /// <summary>How long Claude Code may take to start.</summary>
    public TimeSpan? StartTimeout { get; init; }

    /// <summary>The task starts only while fewer than this many tasks run on the machine.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Whether uncommitted work is taken for the base.</summary>
    public bool? AllowDirty { get; init; }

    /// <summary>Whether the task gets a work tree and a branch of its own.</summary>
    public bool? Worktree { get; init; }

    /// <summary>The folder in which that work tree is made, as an absolute path.</summary>
    public string? WorktreeFolder { get; init; }

    /// <summary>The gates the result must pass; an empty list runs none.</summary>
    public IReadOnlyList<string>? Gate { get; init; }

    /// <summary>Whether a round of gates ends at the first required one that fails.</summary>
    public bool? FailFast { get; init; }

    /// <summary>How often what failed goes back to Claude.</summary>
    public int? RepairAttempt { get; init; }

    /// <summary>Whether a result that passed its gates is committed with no person asked.</summary>
    public bool? AutoApprove { get; init; }

    /// <summary>Whether that holds for a result that no gate has proved.</summary>
    public bool? AllowNoGate { get; init; }

    /// <summary>What the task may cost, in US dollars.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Which of the tasks that may start begins first.</summary>
    public ClaudeTaskPriority? Priority { get; init; }

    /// <summary>How often it is tried again after an overload, a network fault, a start that failed, or a stall.</summary>
    public int? Retry { get; init; }

    /// <summary>How long before the first further attempt; it doubles with each.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Whether it fails at a usage limit instead of waiting for its reset.</summary>
    public bool? FailAtUsageLimit { get; init; }

    /// <summary>How long a question of Claude's waits for its answer.</summary>
    public TimeSpan? QuestionTimeout { get; init; }

    /// <summary>These settings, and where they say nothing, those of <paramref name="below"/>.</summary>
    public ClaudeTaskSettings Over(ClaudeTaskSettings below)
    {
        ArgumentNullException.ThrowIfNull(below);
        return new ClaudeTaskSettings
        {
            Model = Model ?? below.Model,
            PermissionMode = PermissionMode ?? below.PermissionMode,
            AllowedTool = AllowedTool ?? below.AllowedTool,
            DisallowedTool = DisallowedTool ?? below.DisallowedTool,
            AppendSystemPrompt = AppendSystemPrompt ?? below.AppendSystemPrompt,
            AgentArgument = AgentArgument ?? below.AgentArgument,
            Isolated = Isolated ?? below.Isolated,
            Timeout = Timeout ?? below.Timeout,
            StallTimeout = StallTimeout ?? below.StallTimeout,
            StartTimeout = StartTimeout ?? below.StartTimeout,
            ThrottleLimit = ThrottleLimit ?? below.ThrottleLimit,
            AllowDirty = AllowDirty ?? below.AllowDirty,
            Worktree = Worktree ?? below.Worktree,
            WorktreeFolder = WorktreeFolder ?? below.WorktreeFolder,
            Gate = Gate ?? below.Gate,
            FailFast = FailFast ?? below.FailFast,
            RepairAttempt = RepairAttempt ?? below.RepairAttempt,
            AutoApprove = AutoApprove ?? below.AutoApprove,
            AllowNoGate = AllowNoGate ?? below.AllowNoGate,
            MaxCost = MaxCost ?? below.MaxCost,
            Priority = Priority ?? below.Priority,
            Retry = Retry ?? below.Retry,
            RetryDelay = RetryDelay ?? below.RetryDelay,
            FailAtUsageLimit = FailAtUsageLimit ?? below.FailAtUsageLimit,
            QuestionTimeout = QuestionTimeout ?? below.QuestionTimeout,
        };
    }

    /// <summary>The request these settings make, with the options and what is built in where they say nothing.</summary>
    /// <param name="prompt">What Claude shall do.</param>
    /// <param name="repository">A folder in the repository's work tree, as an absolute path.</param>
    /// <param name="session">The session's name.</param>
    /// <param name="options">The user's options.</param>
    public ClaudeTaskRequest ToRequest(string prompt, string repository, string session, ClaudeTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ClaudeTaskRequest
        {
            Prompt = prompt,
            Repository = repository,
            Session = session,
            ThrottleLimit = ThrottleLimit ?? options.ThrottleLimit,
            Priority = Priority ?? ClaudeTaskPriority.Normal,
            AllowDirty = AllowDirty ?? false,
            Worktree = Worktree ?? false,

            // The option is for tasks that have a work tree; what was said of this task is an error of its own without one.
            WorktreeFolder = WorktreeFolder ?? (Worktree == true ? options.WorktreeFolder : null),
            Quality = new QualitySettings
            {
                Gates = Gate,
                FailFast = FailFast ?? false,
                RepairAttempts = RepairAttempt ?? 0,
                AutoApprove = AutoApprove ?? false,
                AllowNoGate = AllowNoGate ?? false,
            },
            Continuation = new ContinuationSettings
            {
                Retries = Retry ?? 0,
                RetryDelay = RetryDelay ?? ContinuationSettings.DefaultRetryDelay,
                FailsAtUsageLimit = FailAtUsageLimit ?? false,
                QuestionTimeout = QuestionTimeout ?? options.QuestionTimeout,
            },
            Agent = new AgentSettings
            {
                Model = Model ?? options.Model,
                PermissionMode = PermissionMode ?? options.PermissionMode,
                AllowedTools = AllowedTool ?? [],
                DisallowedTools = DisallowedTool ?? [],
                AppendSystemPrompt = AppendSystemPrompt,
                Arguments = AgentArgument ?? [],
                IsIsolated = Isolated ?? false,
                MaxCostUsd = MaxCost ?? options.MaxCost,
                Timeout = Timeout ?? options.Timeout,
                StallTimeout = StallTimeout ?? options.StallTimeout,
                StartTimeout = StartTimeout ?? options.StartTimeout,
            },
        };
    }
}
