using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Sums over tasks, and what the past says of one; computed by SQLite, however many tasks there are.</summary>
internal static class StatisticsTable
{
    private const int MostLikeTasks = 50;

    /// <summary>
    /// Likeness is looked for among this many numbers before and behind a task's, so that a long history costs no more than a short one.
    /// </summary>
    private const int Nearby = 10_000;

    private static readonly string Succeeded = StatusMoves.StoreList(status => StatusMoves.Succeeded(status) == true);
    private static readonly string Failed = StatusMoves.StoreList(status => StatusMoves.Succeeded(status) == false);

    /// <summary>
    /// The sums over the tasks that began from <paramref name="since"/> on and before <paramref name="until"/>, by group.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="grouping">The groups.</param>
    /// <param name="query">Which tasks; its times are left alone.</param>
    /// <param name="repositoryKey">The key of the repository the query names, or its folder, if it names one.</param>
    /// <param name="since">The first moment, or null.</param>
    /// <param name="until">The moment behind the last, or null.</param>
    public static List<ClaudeTaskMeasure> Measure(
        SqliteConnection connection, ClaudeTaskGrouping grouping, TaskQuery query, string? repositoryKey, DateTime? since, DateTime? until)
    {
        var (where, values) = TaskSearch.Conditions(query, repositoryKey);
        var group = grouping switch
        {
            ClaudeTaskGrouping.Repository => "t.repository_id",
            ClaudeTaskGrouping.Session => "t.session_id",
            ClaudeTaskGrouping.Day => $"date({CostTable.Moment} / 1000, 'unixepoch', 'localtime')",
            ClaudeTaskGrouping.Model => "t.model",
            ClaudeTaskGrouping.Template => "t.template",
            ClaudeTaskGrouping.Status => "t.status",
            _ => null,
        };

        // Beside max() SQLite takes the other columns from the row that has it: the folder of the newest task.
        return connection.Query(
            $"""
            SELECT max(t.id), {group ?? "NULL"}, r.key, t.folder, s.name, count(t.id),
                count(CASE WHEN t.status IN ({Succeeded}) THEN 1 END), count(CASE WHEN t.status IN ({Failed}) THEN 1 END),
                coalesce(sum(coalesce(t.completed_at, $now) - t.started_at), 0), count(t.started_at), {CostTable.Sum},
                coalesce(sum(t.input_tokens), 0), coalesce(sum(t.output_tokens), 0),
                coalesce(sum(t.cache_read_tokens), 0), coalesce(sum(t.cache_creation_tokens), 0)
            {TaskColumns.From} JOIN repositories r ON r.id = t.repository_id
            WHERE {where} AND {CostTable.Moment} >= $since AND {CostTable.Moment} < $until
            {(group is null ? "" : $"GROUP BY {group} ORDER BY {group}")}
            """,
            reader => ReadMeasure(reader, grouping),
            [
                .. values, ("$now", DateTime.UtcNow.ToStoreTime()),
                ("$since", since?.ToStoreTime() ?? long.MinValue), ("$until", until?.ToStoreTime() ?? long.MaxValue),
            ]);
    }

    /// <summary>
    /// How long the newest tasks took that are like one: in its repository, of its template, with a prompt about as long, and successful.
    /// Pauses between two processes do not count; gates before a repair do.
    /// </summary>
    public static List<TimeSpan> LikeDurations(SqliteConnection connection, int task) => connection.Query(
        $"""
        SELECT o.completed_at - o.started_at - coalesce((
            SELECT sum(next.started_at - last.ended_at)
            FROM attempts last JOIN attempts next ON next.task_id = last.task_id AND next.number = last.number + 1
            WHERE last.task_id = o.id AND next.purpose NOT LIKE 'Repair %' AND next.started_at > last.ended_at), 0)
        FROM tasks t JOIN tasks o ON o.repository_id = t.repository_id AND o.id BETWEEN t.id - $nearby AND t.id + $nearby
        WHERE t.id = $task AND o.id <> t.id AND o.status IN ({Succeeded}) AND o.completed_at >= o.started_at
            AND (t.template IS NULL OR lower(o.template) = lower(t.template))
            AND octet_length(o.prompt) <= octet_length(t.prompt) * 4 AND octet_length(o.prompt) * 4 >= octet_length(t.prompt)
        ORDER BY o.id DESC LIMIT {MostLikeTasks}
        """,
        reader => TimeSpan.FromMilliseconds(reader.GetInt64(0)),
        ("$task", task),
        ("$nearby", Nearby));

    private static ClaudeTaskMeasure ReadMeasure(Row reader, ClaudeTaskGrouping grouping)
    {
        var repository = grouping is ClaudeTaskGrouping.Repository or ClaudeTaskGrouping.Session
            ? RepositoryTable.WorkTreeOf(reader.GetString(2), reader.GetString(3))
            : null;
        var (duration, started) = (TimeSpan.FromMilliseconds(reader.GetInt64(8)), reader.GetInt32(9));
        return new ClaudeTaskMeasure
        {
            GroupBy = grouping,
            Group = grouping switch
            {
                ClaudeTaskGrouping.Repository => repository,
                ClaudeTaskGrouping.Session => reader.GetString(4),
                ClaudeTaskGrouping.Status => StatusMoves.FromStore(reader.GetString(1)).ToString(),
                _ => reader.Text(1),
            },
            Repository = repository,
            Count = reader.GetInt32(5),
            Succeeded = reader.GetInt32(6),
            Failed = reader.GetInt32(7),
            Duration = duration,
            AverageDuration = started > 0 ? duration / started : null,
            CostUsd = CostTable.FromStore(reader.GetInt64(10)),
            InputTokens = reader.GetInt64(11),
            OutputTokens = reader.GetInt64(12),
            CacheReadTokens = reader.GetInt64(13),
            CacheCreationTokens = reader.GetInt64(14),
        };
    }
}
