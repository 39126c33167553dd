using System.Collections.Concurrent;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// The SQLite file, shared by any number of processes. Reads run side by side; writes are short transactions, one at a time in this
/// process and serialised by SQLite between processes. Thread-safe.
/// </summary>
internal sealed class Database : IDisposable
{
    /// <summary>How long a statement waits for others' locks.</summary>
    public const int CommandTimeoutSeconds = 90;

    private const int BusyTimeoutMilliseconds = 10_000;
    private const int SqlError = 1;
    private const int WritesBetweenLooksAtLog = 64;
    private const long LargeLog = 16L << 20;

    /// <summary>
    /// After how many pages in the log SQLite writes them back, which waits for the disk: a tenth of the time of a loud agent's lines with
    /// its own choice, a quarter of this.
    /// </summary>
    private const int PagesInLog = 4000;

    /// <summary>
    /// The byte of the log's shared index that everybody locks who has it in memory. Who finds it free takes the index for a left one and
    /// makes it anew, under a process that has lost its locks: that is killed when it reads it.
    /// </summary>
    private const long SharedMemoryInUse = 128;

    private readonly string _path;
    private readonly object _writing = new();
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SqliteConnection _writer;

    /// <summary>Never used for a statement, so that it can be asked at any time whether its file is still the one under its name.</summary>
    private readonly SqliteConnection _anchor;
    private OpenFileLock? _inUse;
    private volatile bool _disposed;
    private int _writes;

    static Database() => SQLitePCL.Batteries_V2.Init();

    private Database(string path)
    {
        _path = path;
        _writer = Open(path, busyTimeoutMilliseconds: 0);
        _anchor = Open(path);
    }

    /// <summary>Rings after every commit of this process. Handlers must not block.</summary>
    public event Action? Committed;

    /// <summary>Opens the store's file and brings it to this version's schema.</summary>
    /// <exception cref="ClaudeTaskException">
    /// The file is no database, is damaged, is too new, or cannot be opened; or an older version is at work on it.
    /// </exception>
    public static Database Open(StoreLocation location)
    {
        var path = location.DatabasePath;
        return Guard(path, () =>
        {
            if (File.Exists(location.RepairedPath))
            {
                throw StoreErrors.RepairCutOff(path);
            }

            var database = new Database(path);
            try
            {
                Schema.Current.Apply(database._writer, path, connection =>
                    database.HasMoved ? throw StoreErrors.Moved(path) : WorkerTable.IsAnyAlive(connection, location));
                database._inUse = OpenFileLock.TryHoldShared(path + "-shm", SharedMemoryInUse);
                return database;
            }
            catch
            {
                database.Dispose();
                throw;
            }
        });
    }

    /// <summary>What the store's indexes need of a connection: SQLite's own <c>lower</c> knows ASCII only.</summary>
    public static void AddFunctions(SqliteConnection connection) =>
        connection.CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);

    /// <summary>
    /// A connection that only reads what is there, and waits for nobody; null where there is no store of this version. The caller disposes
    /// it.
    /// </summary>
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

    /// <summary>
    /// Whether the store's file was deleted, moved or replaced since it was opened; then nothing can be done with it any more.
    /// </summary>
    public bool HasMoved => SqliteFile.HasMoved(_anchor);

    /// <summary>A connection of its own for somebody who watches the file; the caller disposes it.</summary>
    public SqliteConnection OpenConnection() => Guarded(() => Open(_path));

    public T Read<T>(Func<SqliteConnection, T> read) => Guarded(() =>
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
        var result = Guarded(() =>
        {
            lock (_writing)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                using var transaction = StoreTransaction.BeginWriting(_writer);
                RequireKnownVersion(Schema.ReadVersion(_writer));
                var value = write(_writer);
                transaction.Commit();
                CutLogIfLarge();
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
            if (!_disposed && !HasMoved)
            {
                // The file is whole then, and one that is put in its place does not find the log of another.
                CutLog();
            }

            _disposed = true;
            while (_readers.TryTake(out var reader))
            {
                reader.Dispose();
            }

            _writer.Dispose();
            _anchor.Dispose();
            _inUse?.Dispose();
            _inUse = null;
        }
    }

    /// <summary>
    /// Where somebody reads at any time, SQLite never finds the moment to begin its log anew, and with a large log every commit waits for
    /// the disk. This asks for the moment: new readers wait until those that read now are done, which is milliseconds.
    /// </summary>
    private void CutLogIfLarge()
    {
        if (++_writes % WritesBetweenLooksAtLog == 0 && new FileInfo(_path + "-wal") is { Exists: true, Length: > LargeLog })
        {
            CutLog();
        }
    }

    /// <summary>Writes the log back into the file, so that the file alone holds everything; not where others read all the while.</summary>
    public void CutLog()
    {
        lock (_writing)
        {
            try
            {
                _writer.RunScript("PRAGMA busy_timeout = 500; PRAGMA wal_checkpoint(TRUNCATE)");
            }
            catch (SqliteException)
            {
                // What was written is committed. Whatever is wrong with the disk, the next write tells.
            }

            _writer.Execute("PRAGMA busy_timeout = 0");
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
            SqliteFile.KeepLog(connection);
            AddFunctions(connection);
            connection.RunScript(
                $"PRAGMA busy_timeout = {busyTimeoutMilliseconds}; PRAGMA synchronous = NORMAL; "
                    + $"PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = {PagesInLog}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Does something with a connection of the caller's own; what SQLite says becomes an error of the catalogue.</summary>
    public T Guarded<T>(Func<T> action)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (HasMoved)
        {
            throw StoreErrors.Moved(_path);
        }

        try
        {
            return Guard(_path, action);
        }
        catch (ClaudeTaskException e) when (e.InnerException is SqliteException { SqliteErrorCode: SqlError })
        {
            // A newer version may have changed the tables under an open connection.
            using var connection = Open(_path);
            RequireKnownVersion(Schema.ReadVersion(connection));
            throw;
        }
    }

    /// <summary>A newer version may have been at the store since it was opened here; what this one writes could be wrong for it.</summary>
    private void RequireKnownVersion(int version)
    {
        if (version > Schema.Current.Version)
        {
            throw StoreErrors.TooNew(_path, version, Schema.Current.Version);
        }
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw StoreErrors.From(e, path);
        }
    }
}
