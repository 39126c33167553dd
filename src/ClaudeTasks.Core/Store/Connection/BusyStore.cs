using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClaudeTasks.Store;

/// <summary>Waits for others that hold the store, for as long as its connection was opened to wait.</summary>
internal static class BusyStore
{
    /// <summary>
    /// How long is waited between two looks whether others have ended, in milliseconds: once for a moment, as most writing is over by then,
    /// then long, and shorter the longer the waiting lasts. Dozens who looked at every millisecond would leave no processor to who writes.
    /// </summary>
    private const int FirstPause = 1, LongestPause = 25, ShortestPause = 8;

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    /// <summary>Whether others hold the store, whatever for: the low byte says that, the others why.</summary>
    public static bool IsBusy(int result) => (result & 0xFF) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>Calls SQLite until it is not busy, or for as long as the connection waits, and returns what it answered last.</summary>
    public static int Wait(SqliteConnection connection, Func<int> call)
    {
        var begun = Stopwatch.GetTimestamp();
        var pause = FirstPause;
        int result;
        while (IsBusy(result = call()) && Stopwatch.GetElapsedTime(begun).TotalSeconds < connection.DefaultTimeout)
        {
            Thread.Sleep(pause);
            pause = (int)Math.Max(
                ShortestPause, LongestPause - ((LongestPause - ShortestPause) * (Stopwatch.GetElapsedTime(begun) / LongWait)));
        }

        return result;
    }
}
