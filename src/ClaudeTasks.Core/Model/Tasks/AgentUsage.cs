namespace ClaudeTasks.Model;

/// <summary>What an agent has used. What it did not report is null.</summary>
internal readonly record struct AgentUsage(
    decimal? CostUsd, long? InputTokens, long? OutputTokens, long? CacheReadTokens, long? CacheCreationTokens)
{
    /// <summary>
    /// What was used since. An agent that resumes a conversation may count on from where that stood (2.1.330 does) or from zero; where it
    /// says at its start where it stands, both come out right.
    /// </summary>
    public AgentUsage Since(AgentUsage start) => new(
        CostUsd - (start.CostUsd ?? 0),
        InputTokens - (start.InputTokens ?? 0),
        OutputTokens - (start.OutputTokens ?? 0),
        CacheReadTokens - (start.CacheReadTokens ?? 0),
        CacheCreationTokens - (start.CacheCreationTokens ?? 0));
}
