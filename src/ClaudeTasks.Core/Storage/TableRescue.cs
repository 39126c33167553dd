using System.Globalization;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>
/// Reads a table out of a damaged file into a good one. A scan ends at the first page that cannot be read, so the rows are read by ranges of
/// their keys, upwards and downwards, and what is between is halved until nothing more comes of it.
/// </summary>
internal sealed class TableRescue
{
    /// <summary>How often what neither direction could read is halved before it is given up for one bad page.</summary>
    private const int MostHalvings = 40;

    /// <summary>How many ranges of one table are tried, which bounds the time that a badly damaged one takes.</summary>
    private const int MostRanges = 20_000;

    private readonly SqliteConnection _from;
    private readonly string _table;
    private readonly IReadOnlyList<string> _columns;
    private readonly SqliteCommand _insert;
    private readonly string? _key;
    private readonly bool _isUnique;
    private bool _hasLost;

    private TableRescue(SqliteConnection from, SqliteConnection to, string table)
    {
        _from = from;
        _table = table;
        var known = Columns(from, table);
        _columns = [.. Columns(to, table).Where(known.Contains)];
        (_key, _isUnique) = FindKey(to, table);
        _insert = to.CreateCommand();
        _insert.CommandText = $"INSERT OR IGNORE INTO {table} ({string.Join(", ", _columns)}) VALUES ({string.Join(", ", _columns.Select((_, i) => $"$c{i}"))})";
        for (var i = 0; i < _columns.Count; i++)
        {
            _insert.Parameters.AddWithValue($"$c{i}", DBNull.Value);
        }
    }

    /// <summary>Fills an empty table of the good file with all that can be read of it in the damaged one.</summary>
    public static ClaudeTaskStoreTable Run(SqliteConnection from, SqliteConnection to, string table)
    {
        try
        {
            var rescue = new TableRescue(from, to, table);
            using (rescue._insert)
            {
                if (rescue._columns.Count == 0)
                {
                    return new ClaudeTaskStoreTable(table, 0, null);
                }

                rescue.ReadAll();
            }

            var saved = Count(to, table);
            return new ClaudeTaskStoreTable(table, saved, rescue._hasLost ? rescue.CountLost(saved) : 0);
        }
        catch (SqliteException)
        {
            return new ClaudeTaskStoreTable(table, Count(to, table), null);
        }
    }

    private static long Count(SqliteConnection connection, string table) => (long)connection.Scalar($"SELECT count(*) FROM {table}")!;

    private static List<string> Columns(SqliteConnection connection, string table) =>
        connection.Query("SELECT name FROM pragma_table_info($table)", reader => reader.GetString(0), ("$table", table));

    /// <summary>A whole number by which the table is sorted: its row id, or the first column of its key; null where that is text.</summary>
    private static (string? Key, bool IsUnique) FindKey(SqliteConnection connection, string table)
    {
        var isWithoutRowId = connection.Scalar("SELECT wr FROM pragma_table_list($table) WHERE schema = 'main'", ("$table", table)) is 1L;
        var first = connection.Query(
            "SELECT name, type FROM pragma_table_info($table) WHERE pk = 1", reader => (Name: reader.GetString(0), Type: reader.GetString(1)), ("$table", table));
        return !isWithoutRowId ? ("rowid", true) : first[0].Type == "INTEGER" ? (first[0].Name, false) : (null, false);
    }

    private void ReadAll()
    {
        if (_key is null)
        {
            if (!Read("", null, out _))
            {
                _hasLost = true;
                Read($"ORDER BY {Columns(_from, _table)[0]} DESC", null, out _);
            }

            return;
        }

        var ranges = new PriorityQueue<(long Low, long High), int>();
        ranges.Enqueue((long.MinValue, long.MaxValue), 0);
        for (var i = 0; i < MostRanges && ranges.TryDequeue(out var range, out var halvings); i++)
        {
            if (Read($"WHERE {_key} BETWEEN $low AND $high ORDER BY {_key}", range, out var last))
            {
                continue;
            }

            Read($"WHERE {_key} BETWEEN $low AND $high ORDER BY {_key} DESC", range, out var first);
            var step = _isUnique ? 1 : 0;
            var (low, high) = (last is { } l ? l + step : range.Low, first is { } f ? f - step : range.High);
            if (low >= high || halvings == MostHalvings)
            {
                _hasLost |= low <= high;
                continue;
            }

            var middle = (long)(((Int128)low + high) >> 1);
            var next = last is null && first is null ? halvings + 1 : 0;
            ranges.Enqueue((low, middle), next);
            ranges.Enqueue((middle + 1, high), next);
        }

        _hasLost |= ranges.Count > 0;
    }

    /// <summary>Copies rows until their end, which it returns as true, or until one that cannot be read.</summary>
    private bool Read(string rest, (long Low, long High)? range, out long? last)
    {
        last = null;
        try
        {
            using var command = _from.CreateCommand();
            command.CommandText = $"SELECT {_key ?? "0"}, {string.Join(", ", _columns)} FROM {_table} NOT INDEXED {rest}";
            if (range is { } between)
            {
                command.Parameters.AddWithValue("$low", between.Low);
                command.Parameters.AddWithValue("$high", between.High);
            }

            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < _columns.Count; i++)
                {
                    _insert.Parameters[i].Value = reader.GetValue(i + 1);
                }

                Insert();
                last = reader.GetInt64(0);
            }

            return true;
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>A row that was read before, or that the table does not take, is passed over.</summary>
    private void Insert()
    {
        try
        {
            _insert.ExecuteNonQuery();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 19 or 20)
        {
            _hasLost = true;
        }
    }

    /// <summary>An index that can be read has as many entries as there were rows.</summary>
    private long? CountLost(long saved)
    {
        var indexes = _from.Query(
            "SELECT name FROM pragma_index_list($table) WHERE NOT partial AND origin <> 'pk' OR name GLOB 'sqlite_autoindex*'",
            reader => reader.GetString(0),
            ("$table", _table));
        long? most = null;
        foreach (var index in indexes)
        {
            try
            {
                most = Math.Max(
                    most ?? 0,
                    Convert.ToInt64(_from.Scalar($"SELECT count(*) FROM {_table} INDEXED BY {index}"), CultureInfo.InvariantCulture));
            }
            catch (SqliteException)
            {
                // Damaged too, or none that counts rows.
            }
        }

        return most is { } count && count >= saved ? count - saved : null;
    }
}
