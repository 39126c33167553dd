namespace ClaudeTasks.Processes;

/// <summary>
/// The scratch folder and the cancellation token of one operation. The folder has a name that no other operation uses, and goes when the
/// operation ends. A lock tells whether its owner lives, so a later process can sweep what a crash left.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly LockFile _lock;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;
    private int _names;

    private Workspace(string folder, LockFile claim, CancellationToken caller)
    {
        Folder = folder;
        _lock = claim;
        Caller = caller;
        _registration = caller.Register(_source.Cancel);
    }

    /// <summary>The scratch folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>Cancelled with the caller's token, until <see cref="Shield"/> is called.</summary>
    public CancellationToken Cancellation => _source.Token;

    /// <summary>The caller's own token, for a step that can be cut off even behind <see cref="Shield"/>.</summary>
    public CancellationToken Caller { get; }

    /// <summary>Makes a workspace.</summary>
    /// <param name="parent">The folder that holds all workspaces of a store.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static Workspace Open(string parent, CancellationToken cancellation = default)
    {
        CreatePrivate(parent);
        var folder = Path.Combine(parent, Guid.NewGuid().ToString("N"));
        var claim = LockFile.TryTake(LockOf(folder))
            ?? throw new IOException($"The new lock '{LockOf(folder)}' is held by another process.");
        try
        {
            CreatePrivate(folder);
            return new Workspace(folder, claim, cancellation);
        }
        catch
        {
            claim.Delete();
            throw;
        }
    }

    /// <summary>Removes the folders of operations whose process died. Never throws: a folder that stays is tried again later.</summary>
    /// <param name="parent">The folder that holds all workspaces of a store.</param>
    public static void Sweep(string parent)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(parent, "*.lock"))
        {
            try
            {
                if (LockFile.TryTake(path) is { } claim)
                {
                    Remove(path[..^".lock".Length]);
                    claim.Delete();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    /// <summary>Returns a path in the folder that was not returned before.</summary>
    /// <param name="name">What the file or folder is, for a person who looks.</param>
    public string NewPath(string name) => Path.Combine(Folder, $"{name}.{Interlocked.Increment(ref _names)}");

    /// <summary>Lets the operation run to its end from here on, because it begins to change something.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled it before.</exception>
    public void Shield()
    {
        _registration.Dispose();
        Cancellation.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
        try
        {
            Remove(Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lock stays as a mark, free, so that a sweep tries again.
            _lock.Dispose();
            return;
        }

        _lock.Delete();
    }

    private static string LockOf(string folder) => folder + ".lock";

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
