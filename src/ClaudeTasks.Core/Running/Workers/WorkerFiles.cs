using System.Globalization;
using System.Text;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <summary>
/// The files of workers in the logs folder: a log for each, and what one wrote to its standard error if it died at its start.
/// </summary>
internal static class WorkerFiles
{
    private const int Kept = 20;
    private const int LongestDeath = 500;

    public static string LogPath(StoreLocation location, Guid worker) => Path.Combine(
        location.LogsFolder, string.Create(CultureInfo.InvariantCulture, $"worker-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Short(worker)}.log"));

    /// <summary>Deletes the oldest files, so that room is for one more.</summary>
    public static void Rotate(StoreLocation location)
    {
        // The names of logs sort by time.
        foreach (var pattern in new[] { "worker-*.log", "start-*.txt" })
        {
            foreach (var file in new DirectoryInfo(location.LogsFolder).GetFiles(pattern)
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .Skip(Kept - 1))
            {
                file.Delete();
            }
        }
    }

    /// <summary>Keeps what a worker's process said that ended before it was a worker.</summary>
    public static void SaveDeath(StoreLocation location, Guid worker, int exitCode, string errors)
    {
        try
        {
            Rotate(location);
            using var file = Create(StartPath(location, worker), FileMode.Create);
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}: {errors.Trim()}")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file only says more about a failure that is seen without it.
        }
    }

    /// <summary>How a worker died, as a sentence.</summary>
    public static string DeathOf(StoreLocation location, WorkerTable.Row worker)
    {
        if (worker.Started)
        {
            return "The process that ran it died.";
        }

        try
        {
            var text = TerminalText.OneLine(File.ReadAllText(StartPath(location, worker.Id)), LongestDeath);
            return $"The process that ran it died at its start ({text.TrimEnd('.')}).";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "The process that ran it died at its start.";
        }
    }

    /// <summary>Creates a log that only the user can read. Standard error can be sent to the same file, and overwrites nothing.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static FileStream CreateLog(string path)
    {
        var file = Create(path, FileMode.Append);
        if (OperatingSystem.IsWindows())
        {
            return file;
        }

        file.Dispose();
        return AppendFile.Open(path);
    }

    /// <summary>Opens a file that only the user can read.</summary>
    private static FileStream Create(string path, FileMode mode)
    {
        // Without a buffer, because closing a stream whose buffer does not fit on a full disk fails.
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static string StartPath(StoreLocation location, Guid worker) => Path.Combine(location.LogsFolder, $"start-{Short(worker)}.txt");

    private static string Short(Guid worker) => worker.ToString("N")[..8];
}
