using SQLitePCL;

namespace ClaudeTasks.Store;

/// <summary>
/// The row a statement stands on. It asks SQLite itself: the provider's reader makes three calls more for each value, half of the time of
/// reading a list of tasks. Like SQLite's own functions it makes of a value what is asked for: of NULL 0 or an empty text.
/// </summary>
internal readonly struct Row(sqlite3_stmt statement)
{
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public int GetInt32(int column) => checked((int)GetInt64(column));

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    public double GetDouble(int column) => raw.sqlite3_column_double(statement, column);

    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public string? Text(int column) => IsNull(column) ? null : GetString(column);

    /// <summary>A value as SQLite has it: null, a <see cref="long"/>, a <see cref="double"/>, a text or bytes.</summary>
    public object? Value(int column) => raw.sqlite3_column_type(statement, column) switch
    {
        raw.SQLITE_INTEGER => GetInt64(column),
        raw.SQLITE_FLOAT => GetDouble(column),
        raw.SQLITE_TEXT => GetString(column),
        raw.SQLITE_BLOB => Bytes(column),
        _ => null,
    };

    public byte[]? Bytes(int column) => IsNull(column) ? null : raw.sqlite3_column_blob(statement, column).ToArray();

    public int? Int(int column) => IsNull(column) ? null : GetInt32(column);

    public long? Long(int column) => IsNull(column) ? null : GetInt64(column);

    public DateTime? Time(int column) => Long(column) is { } milliseconds ? SqlExtensions.FromStoreTime(milliseconds) : null;
}
