namespace ClaudeTasks.Agent;

/// <summary>What a line means to the conversation. Most lines mean nothing to it and are only recorded.</summary>
internal abstract record AgentMessage
{
    /// <summary>The answer to a control request of ours.</summary>
    public sealed record ControlAnswer(string RequestId, bool IsSuccess, string? Error, AgentAccount? Account) : AgentMessage;

    /// <summary>The agent asks whether it may use a tool.</summary>
    public sealed record PermissionRequest(string RequestId, string Tool, string Summary) : AgentMessage;

    /// <summary>A control request that we do not know.</summary>
    public sealed record UnknownRequest(string RequestId, string Subtype) : AgentMessage;

    /// <summary>A turn begins; the model that works on it.</summary>
    public sealed record TurnStarted(string? Model) : AgentMessage;

    /// <summary>The session is idle: every turn, subagents included, is over.</summary>
    public sealed record Idle : AgentMessage;

    /// <summary>The account of a turn.</summary>
    public sealed record TurnEnded(AgentResult Result) : AgentMessage;
}
