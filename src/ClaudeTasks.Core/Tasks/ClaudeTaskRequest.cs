namespace ClaudeTasks.Tasks;

/// <summary>What a user asks for when submitting a task.</summary>
public sealed record ClaudeTaskRequest
{
    /// <summary>How many tasks run at once on a machine when a call does not say.</summary>
    public const int DefaultThrottleLimit = 5;

    /// <summary>What Claude shall do.</summary>
    public required string Prompt { get; init; }

    /// <summary>A folder in the repository's work tree, as an absolute path.</summary>
    public required string Repository { get; init; }

    /// <summary>The session's name; it is made where it does not exist.</summary>
    public required string Session { get; init; }

    /// <summary>How the agent is started and bounded.</summary>
    public AgentSettings Agent { get; init; } = new();

    /// <summary>The task starts only while fewer than this many tasks run on the machine.</summary>
    public int ThrottleLimit { get; init; } = DefaultThrottleLimit;
}
