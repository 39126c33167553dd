using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>What a line means to the conversation. Most lines mean nothing to it and are only recorded.</summary>
internal abstract record AgentMessage
{
    /// <summary>The answer to a control request of ours.</summary>
    public sealed record ControlAnswer(
        string RequestId, bool IsSuccess, string? Error, AgentAccount? Account, AgentUsage? Usage) : AgentMessage;

    /// <summary>The agent asks whether it may use a tool, or something of its own.</summary>
    public sealed record Asked(AgentAsk Ask) : AgentMessage;

    /// <summary>The agent asks that no longer.</summary>
    public sealed record AskWithdrawn(string RequestId) : AgentMessage;

    /// <summary>A message of ours was done with, or thrown away.</summary>
    public sealed record MessageDone(string Uuid, bool IsCancelled) : AgentMessage;

    /// <summary>It works on one of our messages.</summary>
    public sealed record MessageBegun(string Uuid) : AgentMessage;

    /// <summary>The account's usage limit was reached.</summary>
    public sealed record LimitReached(DateTime? ResetsAt) : AgentMessage;

    /// <summary>A control request that we do not know.</summary>
    public sealed record UnknownRequest(string RequestId, string Subtype) : AgentMessage;

    /// <summary>A turn begins: the model that works on it, and the MCP servers that it has to do without, each with its state.</summary>
    public sealed record TurnStarted(string? Model, IReadOnlyList<string> FailedServers) : AgentMessage;

    /// <summary>The session is idle: every turn, subagents included, is over.</summary>
    public sealed record Idle : AgentMessage;

    /// <summary>The account of a turn.</summary>
    public sealed record TurnEnded(AgentResult Result) : AgentMessage;
}
