using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>The fields of a <c>result</c> line that tell how a turn ended.</summary>
internal sealed record AgentResult
{
    public string? Subtype { get; init; }

    public bool IsError { get; init; }

    public string? TerminalReason { get; init; }

    public int? Turns { get; init; }

    public string? Text { get; init; }

    public string? FirstError { get; init; }

    public int? ApiErrorStatus { get; init; }

    /// <summary>Why the agent refused to start, in its own word.</summary>
    public string? StartupFailure { get; init; }

    /// <summary>What the conversation has used so far, over all that resumed it.</summary>
    public AgentUsage Usage { get; init; }

    /// <summary>The messages of ours that the turn answered; null where the agent does not tell.</summary>
    public IReadOnlyList<string>? Messages { get; init; }

    public IReadOnlyList<string> DeniedTools { get; init; } = [];
}
