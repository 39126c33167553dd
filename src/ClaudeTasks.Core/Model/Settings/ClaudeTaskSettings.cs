namespace ClaudeTasks.Model;

/// <summary>
/// Says how a task runs, beside its prompt; null is what was not said. A template, the options and the defaults are layers of the same
/// settings. This is the one place that defines a parameter: see docs/development.md, "Add a parameter".
/// </summary>
public record ClaudeTaskSettings
{
    /// <summary>
    /// The lowest layer. Claude Code itself waits up to 360 s for a response's headers and 300 s in a silent stream (observed on 2.1.330),
    /// so a healthy agent may be silent for that long.
    /// </summary>
    public static ClaudeTaskSettings Defaults { get; } = new()
    {
        PermissionMode = "acceptEdits",
        Timeout = TimeSpan.FromMinutes(10),
        StallTimeout = TimeSpan.FromMinutes(7),
        StartTimeout = TimeSpan.FromMinutes(1),
        ThrottleLimit = 5,
        RepairAttempt = 0,
        Priority = ClaudeTaskPriority.Normal,
        Retry = 0,
        RetryDelay = TimeSpan.FromSeconds(30),
        QuestionTimeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>The model.</summary>
    [Setting("The model", SettingRange.Model, Argument = "--model")]
    public string? Model { get; init; }

    /// <summary>What Claude may do without asking.</summary>
    [Setting("What Claude may do without asking", SettingRange.PermissionMode, Argument = "--permission-mode")]
    public string? PermissionMode { get; init; }

    /// <summary>Tools Claude may use without asking, in its own rule syntax.</summary>
    [Setting("Tools that Claude may use without asking", Argument = "--allowedTools")]
    public IReadOnlyList<string>? AllowedTool { get; init; }

    /// <summary>Tools that are not offered to Claude.</summary>
    [Setting("Tools that are not offered to Claude", Argument = "--disallowedTools")]
    public IReadOnlyList<string>? DisallowedTool { get; init; }

    /// <summary>Text to append to the system prompt.</summary>
    [Setting("Text to append to the system prompt", SettingRange.Instructions)]
    public string? AppendSystemPrompt { get; init; }

    /// <summary>Additional Claude Code arguments, one element per argument.</summary>
    [Setting("Additional Claude Code arguments")]
    public IReadOnlyList<string>? AgentArgument { get; init; }

    /// <summary>The CI tokens and command files that Claude Code, gates and commit hooks inherit.</summary>
    [Setting("CI tokens and command files that Claude Code and gates inherit")]
    public IReadOnlyList<string>? InheritVariable { get; init; }

    /// <summary>Whether Claude Code ignores the hooks, MCP servers, settings and CLAUDE.md of the repository.</summary>
    [Setting("Whether Claude Code ignores what the repository defines for it")]
    public bool? Isolated { get; init; }

    /// <summary>How long Claude may work.</summary>
    [Setting("How long Claude may work", SettingRange.TimeLimit)]
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long Claude may be silent.</summary>
    [Setting("How long Claude may be silent", SettingRange.TimeLimit)]
    public TimeSpan? StallTimeout { get; init; }

    /// <summary>How long Claude Code may take to start.</summary>
    [Setting("How long Claude Code may take to start", SettingRange.TimeLimit)]
    public TimeSpan? StartTimeout { get; init; }

    /// <summary>The task starts only while fewer than this many tasks run on the machine.</summary>
    [Setting("How many tasks run at once on the machine", SettingRange.AtLeastOne)]
    public int? ThrottleLimit { get; init; }

    /// <summary>Whether the task starts although there is uncommitted work, which becomes part of its base.</summary>
    [Setting("Whether the task starts although there is uncommitted work")]
    public bool? AllowDirty { get; init; }

    /// <summary>Whether the task gets a worktree and a branch of its own.</summary>
    [Setting("Whether the task gets a worktree and a branch of its own")]
    public bool? Worktree { get; init; }

    /// <summary>The folder in which that worktree is made, as an absolute path.</summary>
    [Setting("Where tasks get their own worktrees; beside the store when not set", SettingRange.Folder)]
    public string? WorktreeFolder { get; init; }

    /// <summary>The gates the result must pass; an empty list runs none.</summary>
    [Setting("The gates that the result must pass")]
    public IReadOnlyList<string>? Gate { get; init; }

    /// <summary>Whether a round of gates ends at the first required gate that fails.</summary>
    [Setting("Whether a round of gates ends at the first required gate that fails")]
    public bool? FailFast { get; init; }

    /// <summary>How often failed gates go back to Claude.</summary>
    [Setting("How often failed gates go back to Claude", SettingRange.Attempts)]
    public int? RepairAttempt { get; init; }

    /// <summary>Whether a result that passed its gates is committed without asking a person.</summary>
    [Setting("Whether a result that passed its gates is committed")]
    public bool? AutoApprove { get; init; }

    /// <summary>Whether it is committed even if no gate ran.</summary>
    [Setting("Whether it is committed even if no gate ran")]
    public bool? AllowNoGate { get; init; }

    /// <summary>Whether processes of the task may decide, answer questions, and change gates, rules and options.</summary>
    [Setting("Whether processes of the task may decide for the user")]
    public bool? AllowDecisions { get; init; }

    /// <summary>The cost limit of the task, in US dollars.</summary>
    [Setting("The cost limit of one task", SettingRange.Money, Argument = "--max-budget-usd")]
    public decimal? MaxCost { get; init; }

    /// <summary>Which of the tasks that may start begins first.</summary>
    [Setting("Which of the tasks that may start begins first")]
    public ClaudeTaskPriority? Priority { get; init; }

    /// <summary>How often the task is retried after an overload, a network fault, a failed start or a stall.</summary>
    [Setting("How often the task is retried", SettingRange.Attempts)]
    public int? Retry { get; init; }

    /// <summary>The delay before the first retry; it doubles with each retry.</summary>
    [Setting("The delay before the first retry", SettingRange.TimeLimit)]
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Whether the task fails at a usage limit instead of waiting for its reset.</summary>
    [Setting("Whether the task fails at a usage limit")]
    public bool? FailAtUsageLimit { get; init; }

    /// <summary>How long a question of Claude's waits for its answer.</summary>
    [Setting("How long a question of Claude's waits for its answer", SettingRange.TimeLimit)]
    public TimeSpan? QuestionTimeout { get; init; }

    /// <summary>Returns the settings that these values make, by name. Names that are not settings are ignored.</summary>
    public static ClaudeTaskSettings Of(IReadOnlyDictionary<string, object> values) => SettingDefinition.OfTasks.Aggregate(
        new ClaudeTaskSettings(),
        (settings, definition) => values.TryGetValue(definition.Name, out var value) ? definition.With(settings, value) : settings);

    /// <summary>Returns the request that these settings make, completed by the options and the defaults.</summary>
    /// <param name="prompt">What Claude should do.</param>
    /// <param name="repository">A folder in the repository's working tree, as an absolute path.</param>
    /// <param name="session">The session's name.</param>
    /// <param name="options">The user's options.</param>
    public ClaudeTaskRequest ToRequest(string prompt, string repository, string session, ClaudeTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The option is for tasks that have a worktree. A task without one that names its folder is an error.
        var settings = SettingDefinition.Layer(this, options) with
        {
            WorktreeFolder = WorktreeFolder ?? (Worktree == true ? options.WorktreeFolder : null)
        };
        return new ClaudeTaskRequest(new TaskSettings(settings)) { Prompt = prompt, Repository = repository, Session = session };
    }
}
