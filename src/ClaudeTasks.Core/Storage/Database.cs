using System.Collections.Concurrent;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>
/// The SQLite file, shared by any number of processes. Reads run side by side; writes are short transactions, one at a time in this
/// process and serialised by SQLite between processes. Thread-safe.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int BusyTimeoutMilliseconds = 10_000;
    private const int CommandTimeoutSeconds = 90;

    private readonly string _path;
    private readonly object _writing = new();
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SqliteConnection _writer;
    private volatile bool _disposed;

    static Database() => SQLitePCL.Batteries_V2.Init();

    private Database(string path)
    {
        _path = path;
        _writer = Open(path);
    }

    /// <summary>Rings after every commit of this process. Handlers must not block.</summary>
    public event Action? Committed;

    /// <summary>Opens the store's file and brings it to this version's schema.</summary>
    /// <exception cref="ClaudeTaskException">The file is no database, is damaged, is too new, or cannot be opened.</exception>
    public static Database Open(StoreLocation location)
    {
        var path = location.DatabasePath;
        return Guard(path, () =>
        {
            var database = new Database(path);
            try
            {
                Schema.Current.Apply(database._writer, path);
                return database;
            }
            catch
            {
                database.Dispose();
                throw;
            }
        });
    }

    /// <summary>A connection of its own for somebody who watches the file; the caller disposes it.</summary>
    public SqliteConnection OpenConnection() => Guard(_path, () => Open(_path));

    /// <summary>A connection that only reads what is there, and waits for nobody; null where there is no store of this version. The caller disposes it.</summary>
    public static SqliteConnection? TryOpenForReading(StoreLocation location)
    {
        var path = location.DatabasePath;
        return !File.Exists(path) ? null : Guard(path, () =>
        {
            var connection = Open(path, SqliteOpenMode.ReadOnly, busyTimeoutMilliseconds: 50, commandTimeoutSeconds: 1);
            var isOurs = false;
            try
            {
                return (isOurs = Schema.Current.IsOf(connection)) ? connection : null;
            }
            finally
            {
                if (!isOurs)
                {
                    connection.Dispose();
                }
            }
        });
    }

    public T Read<T>(Func<SqliteConnection, T> read) => Guard(_path, () =>
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out var connection))
        {
            connection = Open(_path);
        }

        try
        {
            return read(connection);
        }
        finally
        {
            if (_disposed)
            {
                connection.Dispose();
            }
            else
            {
                _readers.Add(connection);
            }
        }
    });

    /// <summary>Runs one write transaction. It takes the write lock at its begin, so what it reads stays true until it commits.</summary>
    public T Write<T>(Func<SqliteConnection, T> write)
    {
        var result = Guard(_path, () =>
        {
            lock (_writing)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                using var transaction = _writer.BeginTransaction(deferred: false);
                var value = write(_writer);
                transaction.Commit();
                return value;
            }
        });
        Committed?.Invoke();
        return result;
    }

    public void Write(Action<SqliteConnection> write) => Write(connection =>
    {
        write(connection);
        return true;
    });

    public void Dispose()
    {
        lock (_writing)
        {
            _disposed = true;
            while (_readers.TryTake(out var reader))
            {
                reader.Dispose();
            }

            _writer.Dispose();
        }
    }

    private static SqliteConnection Open(
        string path,
        SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate,
        int busyTimeoutMilliseconds = BusyTimeoutMilliseconds,
        int commandTimeoutSeconds = CommandTimeoutSeconds)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = commandTimeoutSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();

            // SQLite's own knows ASCII only.
            connection.CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
            connection.Execute($"PRAGMA busy_timeout = {busyTimeoutMilliseconds}; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Does something with a connection of the caller's own; what SQLite says becomes an error of the catalogue.</summary>
    public T Guarded<T>(Func<T> action) => Guard(_path, action);

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw e.SqliteErrorCode switch
            {
                5 or 6 => new ClaudeTaskException(
                    ClaudeTaskErrorId.StoreBusy,
                    $"Another process held the store '{path}' for over {CommandTimeoutSeconds} seconds.",
                    path,
                    "Look for a program that keeps the file open, such as a backup or a database browser, then try again.",
                    e),
                11 or 26 => new ClaudeTaskException(
                    ClaudeTaskErrorId.StoreCorrupt,
                    $"The store '{path}' is damaged or is no SQLite database: {e.Message}",
                    path,
                    "Move the file away (keep it) and try again: a new store is made. Nothing in your repositories depends on it.",
                    e),
                _ => new ClaudeTaskException(
                    ClaudeTaskErrorId.StoreUnusable,
                    $"The store '{path}' cannot be used: {e.Message}",
                    path,
                    $"Check that the disk has room and that you may write there, or set {StoreLocation.HomeVariable} in the environment to another folder.",
                    e),
            };
        }
    }
}
