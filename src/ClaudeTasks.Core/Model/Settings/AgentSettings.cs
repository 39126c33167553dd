namespace ClaudeTasks.Model;

/// <summary>How a task's agent is started and bounded.</summary>
public sealed record AgentSettings
{
    /// <summary>The time limit of a task that names none.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long the agent may be silent. Claude Code itself waits up to 360 s for a response's headers and 300 s in a silent stream
    /// (observed on 2.1.330), so a healthy run may be silent for that long.
    /// </summary>
    public static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromMinutes(7);

    /// <summary>How long the agent may take to answer its first control request.</summary>
    public static readonly TimeSpan DefaultStartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The permission mode of a task that names none.</summary>
    public const string DefaultPermissionMode = "acceptEdits";

    /// <summary>The longest limit that can be set.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);

    /// <summary>The model, or null for the agent's own default.</summary>
    public string? Model { get; init; }

    /// <summary>The agent's permission mode.</summary>
    public string PermissionMode { get; init; } = DefaultPermissionMode;

    /// <summary>Tools the agent may use without asking, in its own rule syntax.</summary>
    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    /// <summary>Tools the agent is not offered.</summary>
    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    /// <summary>Text to append to the agent's system prompt.</summary>
    public string? AppendSystemPrompt { get; init; }

    /// <summary>Further flags for the agent, each one argument.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The agent's program, or null to look for it.</summary>
    public string? ClaudePath { get; init; }

    /// <summary>Whether the agent leaves the repository's own settings, hooks, MCP servers and CLAUDE.md out.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>What the task may cost, in US dollars; null for no limit.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>How long the agent may run; waiting for answers does not count.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How long the agent may be silent.</summary>
    public TimeSpan StallTimeout { get; init; } = DefaultStallTimeout;

    /// <summary>How long the agent may take to start.</summary>
    public TimeSpan StartTimeout { get; init; } = DefaultStartTimeout;
}
