using System.Globalization;
using ClaudeTasks.Agent;
using ClaudeTasks.Storage;

namespace ClaudeTasks.Execution;

/// <summary>What a task's agents reported, added up: each of them counts from zero.</summary>
internal sealed class RunTotals(Database database, int task)
{
    private AgentResult _before = new();

    /// <summary>Keeps the outcome of an agent that has ended, on top of those before it.</summary>
    public void Save(AgentSession session, string? model)
    {
        var result = session.LastResult;
        _before = new AgentResult
        {
            Turns = Add(_before.Turns, result?.Turns),
            CostUsd = Add(_before.CostUsd, result?.CostUsd),
            InputTokens = Add(_before.InputTokens, result?.InputTokens),
            OutputTokens = Add(_before.OutputTokens, result?.OutputTokens),
            CacheReadTokens = Add(_before.CacheReadTokens, result?.CacheReadTokens),
            CacheCreationTokens = Add(_before.CacheCreationTokens, result?.CacheCreationTokens),
            DeniedTools = [.. _before.DeniedTools, .. result?.DeniedTools ?? []],
        };
        database.Write(connection => TaskTable.Set(
            connection,
            task,
            ("model", session.Model ?? model),
            ("exit_code", session.ExitCode),
            ("result", result?.Text),
            ("turns", _before.Turns),
            ("cost_usd", _before.CostUsd?.ToString(CultureInfo.InvariantCulture)),
            ("input_tokens", _before.InputTokens),
            ("output_tokens", _before.OutputTokens),
            ("cache_read_tokens", _before.CacheReadTokens),
            ("cache_creation_tokens", _before.CacheCreationTokens),
            ("denied_tools", StoreJson.Write(_before.DeniedTools))));
    }

    private static int? Add(int? first, int? second) => first is null ? second : first + (second ?? 0);

    private static long? Add(long? first, long? second) => first is null ? second : first + (second ?? 0);

    private static decimal? Add(decimal? first, decimal? second) => first is null ? second : first + (second ?? 0);
}
