namespace ClaudeTasks.Model;

/// <summary>What a user asks for when submitting a task.</summary>
public sealed record ClaudeTaskRequest
{
    /// <summary>How many tasks run at once on a machine when a call does not say.</summary>
    public const int DefaultThrottleLimit = 5;

    /// <summary>What Claude shall do.</summary>
    public required string Prompt { get; init; }

    /// <summary>The template the prompt was made from, if it was.</summary>
    public string? Template { get; init; }

    /// <summary>A folder in the repository's work tree, as an absolute path.</summary>
    public required string Repository { get; init; }

    /// <summary>The session's name; it is made where it does not exist.</summary>
    public required string Session { get; init; }

    /// <summary>How the agent is started and bounded.</summary>
    public AgentSettings Agent { get; init; } = new();

    /// <summary>The task starts only while fewer than this many tasks run on the machine.</summary>
    public int ThrottleLimit { get; init; } = DefaultThrottleLimit;

    /// <summary>Uncommitted work may be there: it is the base, and no part of what the task changed.</summary>
    public bool AllowDirty { get; init; }

    /// <summary>The task gets a work tree and a branch of its own, and runs beside others in the repository.</summary>
    public bool Worktree { get; init; }

    /// <summary>How the result must prove itself.</summary>
    public QualitySettings Quality { get; init; } = new();

    /// <summary>Which of the tasks that may start begins first.</summary>
    public ClaudeTaskPriority Priority { get; init; }

    /// <summary>What must be so before it starts.</summary>
    public StartCondition Start { get; init; } = new();

    /// <summary>How it goes on after something went wrong, and what Claude's questions meet.</summary>
    public ContinuationSettings Continuation { get; init; } = new();

    /// <summary>The task whose conversation goes on with this prompt; null begins a new one.</summary>
    public int? Continues { get; init; }

    /// <summary>The folder in which that work tree is made, as an absolute path; null for one in the store's folder.</summary>
    public string? WorktreeFolder { get; init; }
}
