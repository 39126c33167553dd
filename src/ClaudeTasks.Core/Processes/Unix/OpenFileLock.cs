using Microsoft.Win32.SafeHandles;

namespace ClaudeTasks.Processes;

/// <summary>
/// A lock that is an open file's and not its process's (<c>F_OFD_SETLK</c>, Linux): it stays when the process closes another handle of the
/// same file, as it does when a user copies that. Others see it as any lock of a range. Linux alone: Windows' locks are so anyway, and
/// macOS has the call, but was not tried. Thread-safe.
/// </summary>
internal sealed class OpenFileLock : IDisposable
{
    private const int Set = 37;

    /// <summary>
    /// One for a file, with how many hold it: to close a second one would take the process's other locks on the file away.
    /// </summary>
    private static readonly Dictionary<string, (SafeFileHandle File, int Count)> Held = [];

    private readonly string _path;

    private OpenFileLock(string path) => _path = path;

    /// <summary>Holds a byte of a file, beside others who do; null where that cannot be.</summary>
    public static OpenFileLock? TryHoldShared(string path, long at)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return null;
        }

        lock (Held)
        {
            try
            {
                var (file, count) = Held.TryGetValue(path, out var held)
                    ? held
                    : (File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), 0);
                _ = NativeMethods.Fcntl(file, Set, new FileRange(0, 0, at, 1, 0));
                Held[path] = (file, count + 1);
                return new OpenFileLock(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Lets go. The process may hold no other lock on the file then.</summary>
    public void Dispose()
    {
        lock (Held)
        {
            if (!Held.TryGetValue(_path, out var held))
            {
                return;
            }

            if (held.Count > 1)
            {
                Held[_path] = (held.File, held.Count - 1);
            }
            else
            {
                Held.Remove(_path);
                held.File.Dispose();
            }
        }
    }
}
