using System.Globalization;
using System.Text;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// A worker's own log: the starts and ends of its tasks and its errors, for a person who looks for the cause of a failure. It contains no
/// prompts and no output of agents. A log that cannot be written keeps no task from running. Thread-safe.
/// </summary>
internal sealed class WorkerLog : IDisposable
{
    private const int LargestSize = 1024 * 1024;

    private readonly object _gate = new();
    private FileStream? _file;

    public WorkerLog(StoreLocation location, Guid worker, bool isOwnProcess)
    {
        try
        {
            WorkerFiles.Rotate(location);
            _file = WorkerFiles.CreateLog(WorkerFiles.LogPath(location, worker));
            if (isOwnProcess)
            {
                DetachedProcess.SendErrorsTo(_file.SafeFileHandle);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    public void Write(string text)
    {
        lock (_gate)
        {
            if (_file is null || _file.Length > LargestSize)
            {
                return;
            }

            try
            {
                _file.Write(Encoding.UTF8.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss.fff}Z {text.ReplaceLineEndings(" ")}\n")));
            }
            catch (IOException)
            {
                // Such as a full disk, which the store reports.
                _file.Dispose();
                _file = null;
            }
        }
    }

    /// <summary>Writes an error of the worker itself, with its stack.</summary>
    public void Write(string text, Exception e) => Write($"{text}: {e}");

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }
}
