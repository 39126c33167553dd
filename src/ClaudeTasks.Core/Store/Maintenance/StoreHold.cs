using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// Keeps every other process out of the store's file while it is repaired. SQLite's own locks are used, but not through SQLite, which
/// cannot take them on a file that it does not understand. No connection of this process may be open on the file: closing this would drop
/// its locks.
/// </summary>
internal sealed class StoreHold : IDisposable
{
    // SQLite's lock bytes: pending, reserved, and the range in which every open connection holds a shared one.
    private const long FirstLockByte = 0x40000000;
    private const long LockBytes = 512;

    private readonly FileStream _stream;

    private StoreHold(FileStream stream) => _stream = stream;

    /// <summary>Takes the file; null when somebody has it open.</summary>
    public static StoreHold? TryTake(string path)
    {
        if (OperatingSystem.IsMacOS() && IsOpenElsewhere(path))
        {
            return null;
        }

        FileStream? stream = null;
        try
        {
            stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.ReadWrite,
                OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.ReadWrite | FileShare.Delete);
            if (OperatingSystem.IsLinux())
            {
                stream.Lock(FirstLockByte, LockBytes);
            }

            return new StoreHold(stream);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            stream?.Dispose();
            return null;
        }
    }

    /// <summary>Copies what is in the file to one of the user's alone, down to the disk.</summary>
    public void CopyTo(string path)
    {
        using var target = PrivateFile.Create(path);
        _stream.Position = 0;
        _stream.CopyTo(target);
        target.Flush(flushToDisk: true);
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Where .NET cannot lock a range: as far as SQLite understands the file, it tells.</summary>
    private static bool IsOpenElsewhere(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1,
            }.ConnectionString);
            connection.Open();
            SqliteFile.KeepLog(connection);
            connection.RunScript("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK");
            return false;
        }
        catch (SqliteException e)
        {
            return e.SqliteErrorCode is 5 or 6;
        }
    }
}
