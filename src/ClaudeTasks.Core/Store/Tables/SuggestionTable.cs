using System.Globalization;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// What a person may be about to type. Every query walks an index from the newest row on and stops, so none takes longer because the
/// store is large.
/// </summary>
internal static class SuggestionTable
{
    /// <summary>How many rows are looked at where a row may not be wanted.</summary>
    private const int Looked = 2000;

    private const string Beginning = "substr(t.prompt, 1, 500)";

    private const string Tasks = $"""
        SELECT t.id, t.guid, t.status, coalesce(t.completed_at, t.started_at, t.created_at), {Beginning}, t.folder FROM tasks t
        """;

    /// <summary>The tasks whose number begins with these digits, newest first; without digits all.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="digits">The first digits of a number, or nothing.</param>
    /// <param name="repository">Only those of a repository.</param>
    /// <param name="most">How many at most.</param>
    public static List<SuggestedTask> TasksByNumber(SqliteConnection connection, string digits, long? repository, int most)
    {
        var found = new List<SuggestedTask>();
        var last = connection.Scalar("SELECT max(id) FROM tasks") as long? ?? 0;
        foreach (var (from, to) in Ranges(digits, last).TakeWhile(_ => found.Count < most))
        {
            found.AddRange(connection.Query(
                $"{Tasks} WHERE t.id BETWEEN $from AND $to "
                    + $"{(repository is null ? "" : "AND t.repository_id = $repository")} ORDER BY t.id DESC LIMIT $most",
                ReadTask,
                ("$from", from),
                ("$to", to),
                ("$repository", repository),
                ("$most", most - found.Count)));
        }

        return found;
    }

    /// <summary>The tasks whose GUID begins so, newest first.</summary>
    public static List<SuggestedTask> TasksByGuid(SqliteConnection connection, string beginning, long? repository, int most) =>
        connection.Query(
            $"""
            {Tasks} WHERE t.id IN (SELECT id FROM tasks WHERE guid >= $from AND guid < $to ORDER BY guid LIMIT {Looked})
                AND ($repository IS NULL OR t.repository_id = $repository) ORDER BY t.id DESC LIMIT $most
            """,
            ReadTask,
            ("$from", beginning.ToLowerInvariant()),
            ("$to", beginning.ToLowerInvariant() + '~'),
            ("$repository", repository),
            ("$most", most));

    /// <summary>The newest sessions that match, of a repository or of all.</summary>
    public static List<SuggestedSession> Sessions(SqliteConnection connection, long? repository, Func<string, bool> matches, int most)
    {
        var ids = connection.Query(
            $"SELECT id, name FROM sessions {(repository is null ? "" : "WHERE repository_id = $repository")} "
                + $"ORDER BY id DESC LIMIT {Looked}",
            reader => (Id: reader.GetInt64(0), Name: reader.GetString(1)),
            ("$repository", repository)).Where(session => matches(session.Name)).Take(most).Select(session => session.Id);
        return connection.Query(
            $"""
            SELECT s.name, r.key, t.folder, {Beginning}, coalesce(t.created_at, s.created_at)
            FROM sessions s JOIN repositories r ON r.id = s.repository_id
                LEFT JOIN tasks t ON t.id = (SELECT id FROM tasks WHERE session_id = s.id ORDER BY id DESC LIMIT 1)
            WHERE s.id IN (SELECT value FROM json_each($ids)) ORDER BY s.id DESC
            """,
            reader => new SuggestedSession(
                reader.GetString(0),
                RepositoryTable.WorkTreeOf(reader.GetString(1), reader.Text(2)),
                reader.Text(3),
                SqlExtensions.FromStoreTime(reader.GetInt64(4))),
            ("$ids", $"[{string.Join(',', ids)}]"));
    }

    /// <summary>The work trees of repositories, the one used last first.</summary>
    public static List<string> Repositories(SqliteConnection connection) => connection.Query(
        $"""
        SELECT r.key, (SELECT folder FROM tasks WHERE repository_id = r.id ORDER BY id DESC LIMIT 1)
        FROM repositories r ORDER BY r.last_started_at DESC, r.id DESC LIMIT {Looked}
        """,
        reader => RepositoryTable.WorkTreeOf(reader.GetString(0), reader.Text(1)));

    /// <summary>The models of the newest tasks.</summary>
    public static List<string> Models(SqliteConnection connection) => Distinct(connection, "SELECT model FROM tasks");

    /// <summary>Why the newest rejections were made.</summary>
    public static List<string> Reasons(SqliteConnection connection) => Distinct(connection, "SELECT reason FROM decisions");

    private static List<string> Distinct(SqliteConnection connection, string select) =>
        [.. connection.Query($"{select} ORDER BY id DESC LIMIT {Looked}", reader => reader.Text(0)).OfType<string>().Distinct()];

    /// <summary>The ranges of numbers that begin with the digits, the highest first: 7000–7999, 700–799, 70–79, 7.</summary>
    private static IEnumerable<(long From, long To)> Ranges(string digits, long last)
    {
        if (digits.Length == 0)
        {
            yield return (1, last);
        }
        else if (digits[0] != '0' && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first <= last)
        {
            var width = 1L;
            while (first <= last / (width * 10))
            {
                width *= 10;
            }

            for (; width > 0; width /= 10)
            {
                yield return (first * width, (first * width) + width - 1);
            }
        }
    }

    private static SuggestedTask ReadTask(Row reader) => new(
        reader.GetInt32(0),
        Guid.Parse(reader.GetString(1)),
        StatusMoves.FromStore(reader.GetString(2)),
        SqlExtensions.FromStoreTime(reader.GetInt64(3)),
        reader.GetString(4),
        reader.GetString(5));
}
