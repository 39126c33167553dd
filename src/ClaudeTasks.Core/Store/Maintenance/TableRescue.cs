using System.Globalization;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeTasks.Store;

/// <summary>
/// Reads a table out of a damaged file into a good one. A scan ends at the first page that cannot be read, so the rows are read by ranges
/// of their keys, upwards and downwards. In the gap between, the next key that can be read is looked for in steps that double, from both
/// sides: numbers go on densely behind a bad page, or far away with the next task.
/// </summary>
internal sealed class TableRescue : IDisposable
{
    /// <summary>How many gaps of one table are looked at, which bounds the time that a badly damaged one takes.</summary>
    private const int MostGaps = 10_000;

    private readonly SqliteConnection _from;
    private readonly SqliteConnection _to;
    private readonly string _table;
    private readonly IReadOnlyList<string> _columns;
    private readonly Statement _insert;
    private readonly string? _key;
    private readonly bool _isUnique;
    private bool _hasLost;

    private TableRescue(SqliteConnection from, SqliteConnection to, string table)
    {
        _from = from;
        _to = to;
        _table = table;
        var known = Columns(from, table);
        _columns = [.. Columns(to, table).Where(known.Contains)];
        (_key, _isUnique) = FindKey(to, table);
        _insert = new Statement(
            to, $"INSERT OR IGNORE INTO {table} ({string.Join(", ", _columns)}) VALUES ({string.Join(", ", _columns.Select(_ => "?"))})");
    }

    /// <summary>Fills an empty table of the good file with all that can be read of it in the damaged one.</summary>
    public static ClaudeTaskStoreTable Run(SqliteConnection from, SqliteConnection to, string table)
    {
        try
        {
            using var rescue = new TableRescue(from, to, table);
            rescue.ReadAll();
            var saved = Count(to, table);
            return new ClaudeTaskStoreTable(table, saved, rescue._hasLost ? rescue.CountLost(saved) : 0);
        }
        catch (SqliteException)
        {
            // Also where the damaged file has no such table, and so no column to read.
            return new ClaudeTaskStoreTable(table, Count(to, table), null);
        }
    }

    public void Dispose() => _insert.Dispose();

    private static long Count(SqliteConnection connection, string table) => (long)connection.Scalar($"SELECT count(*) FROM {table}")!;

    private static List<string> Columns(SqliteConnection connection, string table) =>
        connection.Query("SELECT name FROM pragma_table_info($table)", reader => reader.GetString(0), ("$table", table));

    /// <summary>A whole number by which the table is sorted: its row id, or the first column of its key; null where that is text.</summary>
    private static (string? Key, bool IsUnique) FindKey(SqliteConnection connection, string table)
    {
        var isWithoutRowId = connection.Scalar("SELECT wr FROM pragma_table_list($table) WHERE schema = 'main'", ("$table", table)) is 1L;
        var first = connection.Query(
            "SELECT name, type FROM pragma_table_info($table) WHERE pk = 1",
            reader => (Name: reader.GetString(0), Type: reader.GetString(1)),
            ("$table", table));
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

        var gaps = new Stack<(long Low, long High)>([(long.MinValue, long.MaxValue)]);
        for (var i = 0; gaps.TryPop(out var gap); i++)
        {
            var step = _isUnique ? 1 : 0;
            if (Read($"WHERE {_key} BETWEEN $low AND $high ORDER BY {_key}", gap, out var last))
            {
                continue;
            }

            gap.Low = last + step ?? gap.Low;
            if (Read($"WHERE {_key} BETWEEN $low AND $high ORDER BY {_key} DESC", gap, out var first))
            {
                continue;
            }

            gap.High = first - step ?? gap.High;
            if (gap.Low > gap.High)
            {
                continue;
            }

            _hasLost = true;
            if (i < MostGaps && FindSplit(gap) is { } split)
            {
                gaps.Push((gap.Low, split - 1));
                gaps.Push((split, gap.High));
            }
            else if (gap.Low == gap.High)
            {
                ReadInParts(gap.Low);
            }
        }
    }

    /// <summary>Where the gap can be split so that one of its parts can be read from there; null where it is all bad.</summary>
    private long? FindSplit((long Low, long High) gap)
    {
        var width = (UInt128)((Int128)gap.High - gap.Low);
        for (var distance = (UInt128)1; distance <= width; distance <<= 1)
        {
            var (above, below) = ((long)(gap.Low + (Int128)distance), (long)(gap.High - (Int128)distance));
            if (CanSeek($"{_key} BETWEEN $low AND $high ORDER BY {_key}", above, gap.High))
            {
                return above;
            }

            if (CanSeek($"{_key} BETWEEN $low AND $high ORDER BY {_key} DESC", gap.Low, below))
            {
                return below + 1;
            }
        }

        return null;
    }

    private bool CanSeek(string where, long low, long high)
    {
        try
        {
            _from.Scalar($"SELECT {_key} FROM {_table} NOT INDEXED WHERE {where} LIMIT 1", ("$low", low), ("$high", high));
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Where a long value of a row cannot be read, the others may be; a row that can do without it is saved.</summary>
    private void ReadInParts(long key)
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            object? value = null;
            try
            {
                value = _from.Scalar($"SELECT {_columns[i]} FROM {_table} NOT INDEXED WHERE {_key} = $key", ("$key", key));
            }
            catch (SqliteException)
            {
                // Lost.
            }

            _insert.Bind(i + 1, value);
        }

        if (_isUnique)
        {
            Insert();
        }
    }

    /// <summary>Copies rows until their end, which it returns as true, or until one that cannot be read.</summary>
    private bool Read(string rest, (long Low, long High)? range, out long? last)
    {
        last = null;
        try
        {
            using var select = new Statement(
                _from, $"SELECT {_key ?? "0"}, {string.Join(", ", _columns)} FROM {_table} NOT INDEXED {rest}");
            select.Bind(range is { } between ? [("$low", between.Low), ("$high", between.High)] : []);
            while (select.Step())
            {
                for (var i = 0; i < _columns.Count; i++)
                {
                    _insert.Bind(i + 1, select.Row.Value(i + 1));
                }

                Insert();
                last = select.Row.GetInt64(0);
            }

            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>A row that was read before is passed over, and so is one that the table does not take.</summary>
    private void Insert()
    {
        try
        {
            _insert.Step();
            _insert.Reset();
            _hasLost |= raw.sqlite3_changes(_to.Handle) == 0 && _isUnique;
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
