using System.Globalization;
using System.Text;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Finds the tasks of a query.</summary>
internal static class TaskSearch
{
    /// <summary>One page of tasks behind <paramref name="after"/>, oldest first.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="query">What to read; its paging is the caller's business.</param>
    /// <param name="repositoryKey">The key of the repository the query names, or its folder, if it names one.</param>
    /// <param name="after">The last id of the page before.</param>
    /// <param name="limit">How many rows to read.</param>
    /// <param name="offset">How many matches to pass over.</param>
    public static List<ClaudeTask> Page(
        SqliteConnection connection, TaskQuery query, string? repositoryKey, int after, long limit, long offset)
    {
        var (where, values) = Conditions(query, repositoryKey);
        var newest = query.Newest is { } count
            ? $"AND t.id IN (SELECT t.id {TaskColumns.From} WHERE {where} "
                + $"ORDER BY t.id DESC LIMIT {count.ToString(CultureInfo.InvariantCulture)})"
            : "";
        return connection.Query(
            $"SELECT {TaskColumns.Sql} {TaskColumns.From} WHERE {where} "
                + $"AND t.id > $after {newest} ORDER BY t.id LIMIT $limit OFFSET $offset",
            reader => TaskRow.Read(reader).Task,
            [.. values, ("$after", after), ("$limit", limit), ("$offset", offset)]);
    }

    public static long Count(SqliteConnection connection, TaskQuery query, string? repositoryKey)
    {
        var (where, values) = Conditions(query, repositoryKey);
        return (long)connection.Scalar($"SELECT count(*) {TaskColumns.From} WHERE {where}", [.. values])!;
    }

    /// <summary>What a query asks of the tasks <c>t</c> and their sessions <c>s</c>; without its paging.</summary>
    public static (string Where, List<(string, object?)> Values) Conditions(TaskQuery query, string? repositoryKey)
    {
        var where = new List<string> { "1" };
        var values = new List<(string, object?)>();
        void Add(string condition, string name, object value)
        {
            where.Add(condition);
            values.Add((name, value));
        }

        if (repositoryKey is not null)
        {
            Add(
                "(t.repository_id = (SELECT id FROM repositories WHERE key = $repository) OR t.folder = $repository)",
                "$repository",
                repositoryKey);
        }

        if (query.Session is { } session)
        {
            Add("lower(s.name) GLOB $session", "$session", ToGlob(session));
        }

        if (query.Prompt is { } prompt)
        {
            Add("lower(t.prompt) GLOB $prompt", "$prompt", ToGlob(prompt));
        }

        if (query.After is { } from)
        {
            Add("t.created_at >= $from", "$from", from.ToStoreTime());
        }

        if (query.Before is { } before)
        {
            Add("t.created_at < $before", "$before", before.ToStoreTime());
        }

        if (query.Status.Count > 0)
        {
            where.Add($"t.status IN ({StatusMoves.StoreList(query.Status.Contains)})");
        }

        return (string.Join(" AND ", where), values);
    }

    /// <summary>PowerShell's wildcards are SQLite's GLOB; matching ignores case, as people expect of a search.</summary>
    private static string ToGlob(string pattern)
    {
        var glob = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            // What follows a backquote stands for itself; in GLOB a set of one does that.
            if (pattern[i] == '`' && i + 1 < pattern.Length)
            {
                i++;
                glob.Append(pattern[i] is '*' or '?' or '[' ? $"[{pattern[i]}]" : pattern[i].ToString());
            }
            else
            {
                glob.Append(pattern[i]);
            }
        }

        return glob.ToString().ToLowerInvariant();
    }
}
