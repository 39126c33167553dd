using System.Globalization;
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

    /// <summary>
    /// What the agents at work may still spend of what they have reserved. A lost agent, whose task has failed, may spend nothing.
    /// </summary>
    public static decimal Reserved(SqliteConnection connection) => connection.Query(
        $"""
        SELECT a.reserved_usd, a.cost_usd FROM attempts a JOIN tasks t ON t.id = a.task_id
        WHERE a.ended_at IS NULL AND a.reserved_usd IS NOT NULL AND t.status IN ({StatusList.Active})
            AND a.number = (SELECT max(number) FROM attempts WHERE task_id = a.task_id)
        """,
        reader => Math.Max(0, Amount(reader.Text(0)) - Amount(reader.Text(1)))).Sum();

    /// <summary>What the tasks cost that began at or after this moment.</summary>
    public static decimal SpentSince(SqliteConnection connection, DateTime utc) => FromStore((long)connection.Scalar(
        $"SELECT {Sum} FROM tasks t WHERE {Moment} >= $since", ("$since", utc.ToStoreTime()))!);

    private static decimal Amount(string? text) => text is null ? 0 : decimal.Parse(text, CultureInfo.InvariantCulture);
}
