using System.Text;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeTasks.Storage;

/// <summary>
/// The statement that appends events, prepared once for many. It speaks to SQLite itself: the provider's commands look every parameter up
/// by its name at each row, which took more time than the row. For one thread, in one write transaction.
/// </summary>
internal sealed class EventInsert : IDisposable
{
    private const int Key = 1, Kind = 2, Time = 3, Text = 4, Raw = 5, RawSize = 6;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _buffer = new byte[PackedLine.Shortest];

    public EventInsert(SqliteConnection connection)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, "INSERT INTO events (key, kind, time, text, raw, raw_size) VALUES (?, ?, ?, ?, ?, ?)", out _statement));
    }

    /// <exception cref="SqliteException">SQLite refuses.</exception>
    public void Run(long key, EventDraft item)
    {
        Check(raw.sqlite3_bind_int64(_statement, Key, key));
        Check(raw.sqlite3_bind_int(_statement, Kind, (int)item.Kind));
        Check(raw.sqlite3_bind_int64(_statement, Time, item.Time.ToStoreTime()));
        Check(item.Text is null ? raw.sqlite3_bind_null(_statement, Text) : BindText(item.Text));
        BindRaw(item.Raw);
        var result = raw.sqlite3_step(_statement);
        Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result);
        Check(raw.sqlite3_reset(_statement));
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>
    /// SQLite's text is UTF-8, which has no lone surrogates; a model can stream one, and the encoder puts U+FFFD in its place. A text with a
    /// NUL would be read up to it only, and so goes as bytes.
    /// </summary>
    private int BindText(string text)
    {
        var bytes = Buffer(Encoding.UTF8.GetMaxByteCount(text.Length));
        bytes = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        return bytes.Contains((byte)0) ? raw.sqlite3_bind_blob(_statement, Text, bytes) : raw.sqlite3_bind_text(_statement, Text, bytes);
    }

    /// <summary>A long line is packed, where that makes it smaller by an eighth; its size then stands beside it.</summary>
    private void BindRaw(byte[]? line)
    {
        var buffer = line is { Length: >= PackedLine.Shortest } ? Buffer(line.Length - (line.Length / 8)) : [];
        var packed = buffer.IsEmpty ? 0 : PackedLine.Pack(line, buffer);
        Check(line is null ? raw.sqlite3_bind_null(_statement, Raw) : raw.sqlite3_bind_blob(_statement, Raw, packed > 0 ? buffer[..packed] : line));
        Check(packed > 0 ? raw.sqlite3_bind_int(_statement, RawSize, line!.Length) : raw.sqlite3_bind_null(_statement, RawSize));
    }

    /// <summary>SQLite copies what it is given, so one buffer serves one value after the other.</summary>
    private Span<byte> Buffer(int size)
    {
        if (_buffer.Length < size)
        {
            _buffer = new byte[size];
        }

        return _buffer.AsSpan(0, size);
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
