namespace ClaudeTasks.Processes;

/// <summary>
/// An OS lock on a file, held for as long as this object (at most: the process) lives. The kernel drops it on any death, so a held lock
/// is a living holder.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private readonly FileStream _stream;

    private LockFile(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock, or returns null when another process (or another holder in this one) has it.</summary>
    public static LockFile? TryTake(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new LockFile(new FileStream(path, options));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Gives the lock up and removes its file: nobody will ask for it again.</summary>
    public void Delete()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(_stream.Name);
        }

        var path = _stream.Name;
        _stream.Dispose();
        if (OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }
    }

    public void Dispose() => _stream.Dispose();
}
