namespace ClaudeTasks.Model;

/// <summary>The user's defaults, as they are in force: what was set, and what is built in where nothing was.</summary>
public sealed record ClaudeTaskOptions
{
    /// <summary>The model, or null for Claude Code's own default.</summary>
    public string? Model { get; init; }

    /// <summary>What Claude may do without asking.</summary>
    public string PermissionMode { get; init; } = AgentSettings.DefaultPermissionMode;

    /// <summary>How long Claude may work.</summary>
    public TimeSpan Timeout { get; init; } = AgentSettings.DefaultTimeout;

    /// <summary>How long Claude may be silent.</summary>
    public TimeSpan StallTimeout { get; init; } = AgentSettings.DefaultStallTimeout;

    /// <summary>How long Claude Code may take to start.</summary>
    public TimeSpan StartTimeout { get; init; } = AgentSettings.DefaultStartTimeout;

    /// <summary>How many tasks run at once on the machine.</summary>
    public int ThrottleLimit { get; init; } = ClaudeTaskRequest.DefaultThrottleLimit;

    /// <summary>The folder for work trees of tasks that have their own, as an absolute path; null for one beside the store.</summary>
    public string? WorktreeFolder { get; init; }

    /// <summary>What one task may cost, in US dollars; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>What all tasks that start on one day may cost, in US dollars; null for no limit.</summary>
    public decimal? DailyCostLimit { get; init; }

    /// <summary>How long a question of Claude's waits for its answer.</summary>
    public TimeSpan QuestionTimeout { get; init; } = ContinuationSettings.DefaultQuestionTimeout;

    /// <summary>Tasks that ended longer ago than this many days are removed; null keeps them.</summary>
    public int? RetainDays { get; init; }

    /// <summary>Events of tasks that ended longer ago than this many days are removed, the tasks stay; null keeps them.</summary>
    public int? RetainEventDays { get; init; }

    /// <summary>Whether who waits for tasks is told by the terminal when one ended or needs a person.</summary>
    public bool Notify { get; init; }
}
