using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeTasks.Storage;

/// <summary>A transaction on a connection; what was not committed is taken back at its end.</summary>
internal sealed class StoreTransaction : IDisposable
{
    /// <summary>
    /// How long is waited between two looks whether others have ended, in milliseconds: once for a moment, as most writing is over by then,
    /// then long, and shorter the longer the waiting lasts. Dozens who looked at every millisecond would leave no processor to who writes.
    /// </summary>
    private const int FirstPause = 1, LongestPause = 25, ShortestPause = 8;

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection _connection;
    private bool _isOver;

    private StoreTransaction(SqliteConnection connection) => _connection = connection;

    /// <summary>Begins to read: all reads in it see the store of one moment.</summary>
    public static StoreTransaction BeginReading(SqliteConnection connection)
    {
        connection.Execute("BEGIN");
        return new StoreTransaction(connection);
    }

    /// <summary>
    /// Begins to write, and waits for others that do. SQLite gives the lock to whoever asks at the right moment; who has waited longer asks
    /// more often here, so that nobody waits for ever where many write.
    /// </summary>
    /// <exception cref="SqliteException">Others wrote for longer than <see cref="Database.CommandTimeoutSeconds"/>, or SQLite refuses.</exception>
    public static StoreTransaction BeginWriting(SqliteConnection connection)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; !TryBegin(connection, begun); pause = NextPause(Stopwatch.GetElapsedTime(begun)))
        {
            Thread.Sleep(pause);
        }

        return new StoreTransaction(connection);
    }

    public void Commit()
    {
        _connection.Execute("COMMIT");
        _isOver = true;
    }

    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;

        // After some errors SQLite has done it already, and says so.
        _ = raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
    }

    private static bool TryBegin(SqliteConnection connection, long begun)
    {
        var result = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE");
        if (result is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && Stopwatch.GetElapsedTime(begun).TotalSeconds < Database.CommandTimeoutSeconds)
        {
            return false;
        }

        SqliteException.ThrowExceptionForRC(result, connection.Handle);
        return true;
    }

    private static int NextPause(TimeSpan waited) =>
        (int)Math.Max(ShortestPause, LongestPause - ((LongestPause - ShortestPause) * (waited / LongWait)));
}
