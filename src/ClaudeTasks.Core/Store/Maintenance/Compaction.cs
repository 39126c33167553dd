using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Gives free pages of the store's file back to the disk, in steps between which others have their turn.</summary>
internal static class Compaction
{
    private const int PagesAStep = 1000;

    /// <param name="database">The store.</param>
    /// <param name="isStopping">Whether to leave the rest for another time.</param>
    public static void Run(Database database, Func<bool> isStopping)
    {
        using var connection = database.OpenConnection();
        long before;
        var free = database.Guarded(() => FreePages(connection));
        do
        {
            // The statement has a row for every page; it frees no more than are read.
            before = free;
            database.Write(
                writer => writer.Query(string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({PagesAStep})"), _ => 0));
            free = database.Guarded(() => FreePages(connection));
        }
        while (free > 0 && free < before && !isStopping());

        // The file itself shrinks when the log is written back to it. Where a reader is in the way, the next who writes back does it.
        database.Guarded(() =>
        {
            connection.Execute("PRAGMA busy_timeout = 1000");
            return connection.Query("PRAGMA wal_checkpoint(TRUNCATE)", _ => 0);
        });
    }

    private static long FreePages(SqliteConnection connection) => (long)connection.Scalar("PRAGMA freelist_count")!;
}
