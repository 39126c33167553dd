using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeTasks.Store;

/// <summary>
/// A prepared statement, to be run many times. It speaks to SQLite itself: the provider's commands look every parameter up by its name at
/// each run, and add the provider's overhead per value, which took as long as most statements do. For one thread at a time, as its
/// connection is.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;
    private readonly Dictionary<string, int> _parameters = [];

    /// <param name="connection">An open connection, which must outlive the statement.</param>
    /// <param name="sql">One statement; for several there is <see cref="SqlExtensions.RunScript"/>.</param>
    /// <exception cref="SqliteException">SQLite refuses.</exception>
    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        var database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        sqlite3_stmt? statement = null;
        var rest = "";
        Check(BusyStore.Wait(connection, () => raw.sqlite3_prepare_v2(database, sql, out statement, out rest)));
        _statement = statement!;
        if (!string.IsNullOrWhiteSpace(rest))
        {
            throw new InvalidOperationException($"More than one statement: {sql}");
        }

        for (var i = 1; i <= raw.sqlite3_bind_parameter_count(_statement); i++)
        {
            _parameters.Add(raw.sqlite3_bind_parameter_name(_statement, i).utf8_to_string() ?? $"?{i}", i);
        }
    }

    /// <summary>The row it stands on.</summary>
    public Row Row => new(_statement);

    /// <summary>Sets all values, by name. A name that the statement does not have is passed over, as conditions come and go.</summary>
    public void Bind(params (string Name, object? Value)[] values)
    {
        var bound = 0;
        foreach (var (name, value) in values)
        {
            if (_parameters.TryGetValue(name, out var index))
            {
                Bind(index, value);
                bound++;
            }
        }

        if (bound != _parameters.Count)
        {
            throw new InvalidOperationException($"A value is missing: {raw.sqlite3_sql(_statement).utf8_to_string()}");
        }
    }

    public void Bind(int index, object? value)
    {
        switch (value)
        {
            case null:
                Check(raw.sqlite3_bind_null(_statement, index));
                break;
            case string text:
                BindText(index, text);
                break;
            case byte[] bytes:
                Check(raw.sqlite3_bind_blob(_statement, index, bytes));
                break;
            case double number:
                Check(raw.sqlite3_bind_double(_statement, index, number));
                break;
            case bool or int or long:
                Bind(index, Convert.ToInt64(value, null));
                break;
            default:
                throw new InvalidOperationException($"The store has no {value.GetType()}.");
        }
    }

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    /// <summary>Goes to the next row; false where there is none any more.</summary>
    /// <exception cref="SqliteException">SQLite refuses, or others held the store for too long.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (BusyStore.IsBusy(result))
        {
            result = BusyStore.Wait(_connection, () =>
            {
                Reset();
                return raw.sqlite3_step(_statement);
            });
        }

        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        try
        {
            Check(result);
            return false;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Makes it ready to be run again; its values stay. What went wrong in the last run was told by <see cref="Step"/>.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    /// <summary>Makes it ready to be kept: a value of many megabytes would be kept with it.</summary>
    public void Clear()
    {
        Reset();
        _ = raw.sqlite3_clear_bindings(_statement);
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>
    /// SQLite's text is UTF-8, which has no lone surrogates; a model can stream one, and the encoder puts U+FFFD in its place. A text with
    /// a NUL would be read up to it only, and so goes as bytes, which are read again as text.
    /// </summary>
    private void BindText(int index, string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        var bytes = buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
        Check(bytes.Contains((byte)0) ? raw.sqlite3_bind_blob(_statement, index, bytes) : raw.sqlite3_bind_text(_statement, index, bytes));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection.Handle);
}
