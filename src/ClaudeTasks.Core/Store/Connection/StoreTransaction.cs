using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeTasks.Store;

/// <summary>A transaction on a connection; what was not committed is taken back at its end.</summary>
internal sealed class StoreTransaction : IDisposable
{
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
    /// more often (<see cref="BusyStore"/>), so that nobody waits for ever where many write.
    /// </summary>
    /// <exception cref="SqliteException">
    /// Others wrote for longer than <see cref="Database.CommandTimeoutSeconds"/>, or SQLite refuses.
    /// </exception>
    public static StoreTransaction BeginWriting(SqliteConnection connection)
    {
        connection.Execute("BEGIN IMMEDIATE");
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
}
