namespace ClaudeTasks.Model;

/// <summary>What a user asks for when submitting a task.</summary>
public sealed record ClaudeTaskRequest : TaskSettings
{
    /// <summary>Makes a request that runs with the defaults.</summary>
    public ClaudeTaskRequest()
        : base(ClaudeTaskSettings.Defaults)
    {
    }

    /// <summary>Makes a request that runs with these settings.</summary>
    public ClaudeTaskRequest(TaskSettings settings)
        : base(settings)
    {
    }

    /// <summary>What Claude should do.</summary>
    public required string Prompt { get; init; }

    /// <summary>The template the prompt was made from, if it was.</summary>
    public string? Template { get; init; }

    /// <summary>A folder in the repository's working tree, as an absolute path.</summary>
    public required string Repository { get; init; }

    /// <summary>The session's name. The session is made if it does not exist.</summary>
    public required string Session { get; init; }

    /// <summary>What must be so before the task starts.</summary>
    public StartCondition Start { get; init; } = new();

    /// <summary>The task whose conversation continues with this prompt; null begins a new conversation.</summary>
    public int? Continues { get; init; }
}
