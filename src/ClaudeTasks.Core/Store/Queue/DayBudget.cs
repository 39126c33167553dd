using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// The money of a day: its limit, what its tasks have cost, and what its running agents have reserved beyond that. In US dollars.
/// </summary>
/// <param name="Limit">The option <c>DailyCostLimit</c>; null for none.</param>
/// <param name="Spent">The cost that was reported.</param>
/// <param name="Reserved">What running agents may still spend.</param>
internal readonly record struct DayBudget(decimal? Limit, decimal Spent, decimal Reserved)
{
    /// <summary>What the next agent may reserve; null for no limit.</summary>
    public decimal? Rest => Limit - Spent - Reserved;

    public static DayBudget Today(SqliteConnection connection) => new(
        OptionTable.Read(connection).DailyCostLimit,
        CostTable.SpentSince(connection, DateTime.Today.ToUniversalTime()),
        CostTable.Reserved(connection));

    /// <summary>
    /// Whether an agent has to wait for the end of others, which give back what they have not spent. An agent without a limit of its own
    /// reserves all that is left.
    /// </summary>
    /// <param name="wanted">What the agent's task may still cost; null for no limit.</param>
    public bool IsTakenFor(decimal? wanted) => Reserved > 0 && (Rest <= 0 || Rest < wanted);
}
