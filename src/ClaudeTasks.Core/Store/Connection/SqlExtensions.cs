using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeTasks.Store;

/// <summary>Short forms of what every query does. Values are always parameters.</summary>
internal static class SqlExtensions
{
    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params (string Name, object? Value)[] values) =>
        Statements.Use(connection, sql, statement =>
        {
            statement.Bind(values);
            while (statement.Step())
            {
            }

            return raw.sqlite3_changes(connection.Handle);
        });

    /// <summary>The first column of the first row, or null.</summary>
    public static object? Scalar(this SqliteConnection connection, string sql, params (string Name, object? Value)[] values) =>
        Statements.Use(connection, sql, statement =>
        {
            statement.Bind(values);
            return statement.Step() ? statement.Row.Value(0) : null;
        });

    /// <summary>Adds a row. The names are from this code, never from outside.</summary>
    public static void Insert(this SqliteConnection connection, string table, params (string Column, object? Value)[] values) =>
        connection.Execute(InsertSql(table, values), Parameters(values));

    /// <summary>Adds a row to a table that numbers its rows, and returns the number.</summary>
    public static int InsertNumbered(this SqliteConnection connection, string table, params (string Column, object? Value)[] values) =>
        checked((int)(long)connection.Scalar(InsertSql(table, values) + " RETURNING id", Parameters(values))!);

    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<Row, T> map, params (string Name, object? Value)[] values) =>
        Statements.Use(connection, sql, statement =>
        {
            statement.Bind(values);
            var rows = new List<T>();
            while (statement.Step())
            {
                rows.Add(map(statement.Row));
            }

            return rows;
        });

    /// <summary>Runs several statements that take no values.</summary>
    /// <exception cref="SqliteException">SQLite refuses one of them, or others held the store for too long.</exception>
    public static void RunScript(this SqliteConnection connection, string script) =>
        SqliteException.ThrowExceptionForRC(
            BusyStore.Wait(connection, () => raw.sqlite3_exec(connection.Handle, script)), connection.Handle);

    /// <summary>Times are stored as milliseconds since 1970, UTC.</summary>
    public static long ToStoreTime(this DateTime time) => new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeMilliseconds();

    public static DateTime FromStoreTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    private static string InsertSql(string table, (string Column, object? Value)[] values)
    {
        var columns = Array.ConvertAll(values, value => value.Column);
        return $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES (${string.Join(", $", columns)})";
    }

    private static (string, object?)[] Parameters((string Column, object? Value)[] values) =>
        Array.ConvertAll(values, value => ("$" + value.Column, value.Value));
}
