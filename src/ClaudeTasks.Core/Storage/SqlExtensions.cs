using System.Text;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>Short forms of what every query does. Values are always parameters.</summary>
internal static class SqlExtensions
{
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.SetValues(values);
        return command;
    }

    public static void SetValues(this SqliteCommand command, params (string Name, object? Value)[] values)
    {
        command.Parameters.Clear();
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, ToParameter(value));
        }
    }

    /// <summary>The provider cuts a long text at its first NUL; as bytes it is stored, and read again as text, whole.</summary>
    private static object ToParameter(object? value) => value switch
    {
        null => DBNull.Value,
        string text when text.Contains('\0', StringComparison.Ordinal) => Encoding.UTF8.GetBytes(text),
        _ => value,
    };

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params (string Name, object? Value)[] values) =>
        Statements.Use(connection, sql, values, command => command.ExecuteNonQuery());

    /// <summary>The first column of the first row, or null.</summary>
    public static object? Scalar(this SqliteConnection connection, string sql, params (string Name, object? Value)[] values) =>
        Statements.Use(connection, sql, values, command => command.ExecuteScalar() is { } value and not DBNull ? value : null);

    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<Row, T> map, params (string Name, object? Value)[] values) =>
        Statements.Use(connection, sql, values, command =>
        {
            using var reader = command.ExecuteReader();
            var row = new Row(reader.Handle!);
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(map(row));
            }

            return rows;
        });

    /// <summary>Times are stored as milliseconds since 1970, UTC.</summary>
    public static long ToStoreTime(this DateTime time) => new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeMilliseconds();

    public static DateTime FromStoreTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
}
