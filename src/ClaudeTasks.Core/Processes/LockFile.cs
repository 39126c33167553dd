using System.Text;

namespace ClaudeTasks.Processes;

/// <summary>
/// An OS lock on a file, held for as long as this object (at most: the process) lives. The kernel drops it on any death, so a held lock
/// is a living holder.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private const int NoteLength = 1024;

    /// <summary>
    /// The error of a lock that is held, whose file may be gone by the time that one looks: ERROR_SHARING_VIOLATION, EWOULDBLOCK.
    /// </summary>
    private static readonly int SharingViolation = OperatingSystem.IsWindows() ? unchecked((int)0x80070020)
        : OperatingSystem.IsMacOS() ? 35
        : 11;

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
        catch (IOException e) when (File.Exists(path) || e.HResult == SharingViolation)
        {
            return null;
        }
    }

    /// <summary>Whether somebody holds the lock of a file that exists. Makes no file.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException e)
        {
            return e is not (FileNotFoundException or DirectoryNotFoundException);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// What its holder, who found no other place for it, leaves to whoever takes the lock next; empty at first. The room for it is taken
    /// when it is first set, so that it can be set again on a full disk. Where even that fails, there is none.
    /// </summary>
    public string Note
    {
        get
        {
            _stream.Position = 0;
            var bytes = new byte[NoteLength];
            return Encoding.UTF8.GetString(bytes, 0, _stream.ReadAtLeast(bytes, NoteLength, throwOnEndOfStream: false)).Trim(' ', '\uFFFD');
        }

        set
        {
            var bytes = new byte[NoteLength];
            bytes.AsSpan().Fill((byte)' ');
            Encoding.UTF8.GetEncoder().Convert(value, bytes, flush: true, out _, out _, out _);
            try
            {
                _stream.Position = 0;
                _stream.Write(bytes);
                _stream.Flush();
            }
            catch (IOException)
            {
            }
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, or closed to us; a lock that nobody holds does no harm.
        }

        _stream.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
