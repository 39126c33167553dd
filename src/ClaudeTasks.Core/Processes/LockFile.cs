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

    /// <summary>Gives the lock up and removes its file: nobody will ask for it again. That somebody removed it before is as good.</summary>
    public void Delete()
    {
        var path = _stream.Name;
        if (OperatingSystem.IsWindows())
        {
            // An open file can't be removed there.
            _stream.Dispose();
        }

        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
        }

        _stream.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
