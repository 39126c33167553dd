using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// Sums of cost. A cost is stored as the decimal text the agent reported; for a sum each is taken as a whole number of billionths of a
/// dollar, so that adding is exact and a million tasks are off by less than a tenth of a cent.
/// </summary>
internal static class CostTable
{
    /// <summary>The sum over the tasks <c>t</c> of a query, for <see cref="FromStore"/>.</summary>
    public const string Sum = "coalesce(sum(CAST(round(t.cost_usd * 1e9) AS INTEGER)), 0)";

    /// <summary>When a task <c>t</c> began to cost, or was submitted if it has not begun; there is an index on it.</summary>
    public const string Moment = "coalesce(t.started_at, t.created_at)";

    public static decimal FromStore(long billionths) => billionths / 1_000_000_000m;

    /// <summary>What the tasks cost that began at or after this moment.</summary>
    public static decimal SpentSince(SqliteConnection connection, DateTime utc) => FromStore((long)connection.Scalar(
        $"SELECT {Sum} FROM tasks t WHERE {Moment} >= $since", ("$since", utc.ToStoreTime()))!);
}
