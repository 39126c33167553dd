using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>What SQLite knows of the file behind a connection, and its provider does not tell.</summary>
internal static partial class SqliteFile
{
    private const int HasMovedOperation = 20;
    private const int NoCheckpointOnClose = 1006;

    /// <summary>Whether the file under the connection's path is another one now, or none. Windows lets nobody move an open one.</summary>
    public static bool HasMoved(SqliteConnection connection)
    {
        var handle = connection.Handle!.DangerousGetHandle();
        return FileControl(handle, "main", HasMovedOperation, out var moved) == 0 && moved != 0;
    }

    /// <summary>
    /// Leaves the log as it is when the connection is closed. Else who believes to be the last one writes it back and deletes it; and
    /// believes so wrongly where another process has lost its locks, as a Unix process does when it closes a file of the store that it read
    /// by other means: a session whose user copies the store.
    /// </summary>
    public static void KeepLog(SqliteConnection connection) =>
        _ = SQLitePCL.raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(nint database, string name, int operation, out int value);
}
