namespace ClaudeTasks.Agent;

/// <summary>The fields of a <c>result</c> line that tell how a turn ended. Cost and tokens are the process's so far.</summary>
internal sealed record AgentResult
{
    public string? Subtype { get; init; }

    public bool IsError { get; init; }

    public string? TerminalReason { get; init; }

    public int? Turns { get; init; }

    public string? Text { get; init; }

    public string? FirstError { get; init; }

    public int? ApiErrorStatus { get; init; }

    public decimal? CostUsd { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long? CacheReadTokens { get; init; }

    public long? CacheCreationTokens { get; init; }

    public IReadOnlyList<string> DeniedTools { get; init; } = [];
}
