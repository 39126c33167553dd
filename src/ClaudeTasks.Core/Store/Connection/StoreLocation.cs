using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Store;

/// <summary>Where the store is. Its folder and files are the user's alone (0700 and 0600 on Unix).</summary>
internal sealed class StoreLocation
{
    public const string HomeVariable = "CLAUDETASKS_HOME";

    public const UnixFileMode OthersBits = (UnixFileMode)0b111_111;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private StoreLocation(string folder) => Folder = folder;

    public string Folder { get; }

    public string DatabasePath => Path.Combine(Folder, "tasks.db");

    /// <summary>A repaired file that is about to take the store's place; nobody may open the store while it is there.</summary>
    public string RepairedPath => DatabasePath + ".repaired";

    /// <summary>Holds the lock files of living workers.</summary>
    public string WorkersFolder => Path.Combine(Folder, "workers");

    /// <summary>Holds the lock files of repositories.</summary>
    public string LocksFolder => Path.Combine(Folder, "locks");

    /// <summary>Holds a private object directory for each task that left changes.</summary>
    public string ObjectsFolder => Path.Combine(Folder, "objects");

    /// <summary>Holds the scratch folders of operations.</summary>
    public string WorkspacesFolder => Path.Combine(Folder, "work");

    /// <summary>Holds the work trees of tasks that have their own, unless the user names another place.</summary>
    public string WorktreesFolder => Path.Combine(Folder, "worktrees");

    /// <summary>The locks of workers and of those who decide that somebody holds now.</summary>
    public IEnumerable<string> FindHeldLocks() => new[] { WorkersFolder, LocksFolder }
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.lock"))
        .Where(LockFile.IsHeld);

    public string LockPath(Guid worker) => Path.Combine(WorkersFolder, worker + ".lock");

    /// <summary>Held while somebody decides on a task of the repository.</summary>
    public string DecisionLockPath(long repository) => Path.Combine(LocksFolder, $"repository-{repository}.lock");

    /// <summary>Held while a process recovers the task.</summary>
    public string RecoveryLockPath(int task) => Path.Combine(LocksFolder, $"recovery-{task}.lock");

    /// <summary>Holds the log files of workers.</summary>
    public string LogsFolder => Path.Combine(Folder, "logs");

    public string ObjectsPath(Guid task) => Path.Combine(ObjectsFolder, task.ToString());

    /// <summary>The store under <c>CLAUDETASKS_HOME</c>, else in the platform's folder for a user's data; makes what is missing.</summary>
    /// <exception cref="ClaudeTaskException">The folder cannot be made or used, or others can read it.</exception>
    public static StoreLocation Prepare()
    {
        var location = Find();
        try
        {
            MakePrivateFolder(location.Folder, location.DatabasePath);
            CreateFolder(location.WorkersFolder);
            CreateFolder(location.LocksFolder);
            CreateFolder(location.ObjectsFolder);
            CreateFolder(location.LogsFolder);
            MakePrivate(location.WorktreesFolder);
            MakePrivateFile(location.DatabasePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.StoreUnusable,
                $"The store's folder '{location.Folder}' cannot be used: {e.Message}",
                location.Folder,
                $"Make the folder writable for you, or set {HomeVariable} in the environment to one that is.",
                e);
        }

        return location;
    }

    /// <summary>Where the store is or would be; touches nothing.</summary>
    public static StoreLocation Find() => new(Path.GetFullPath(FindFolder()));

    private static string FindFolder()
    {
        if (Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } home)
        {
            return home;
        }

        // On Unix .NET maps this to XDG_DATA_HOME or ~/.local/share, on macOS to ~/Library/Application Support.
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? Path.Combine(data, OperatingSystem.IsLinux() ? "claude-tasks" : "ClaudeTasks")
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.StoreUnusable,
                "There is no folder for this user's data.",
                HomeVariable,
                $"Set HOME, or set {HomeVariable} in the environment to a folder for the store.");
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            // Profile folders are already closed to other users.
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    /// <summary>Makes the folder, or closes it to other users: older versions left it to the umask.</summary>
    private static void MakePrivate(string folder)
    {
        CreateFolder(folder);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & OthersBits) != 0)
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }
    }

    private static void MakePrivateFolder(string folder, string databasePath)
    {
        var isNew = !Directory.Exists(folder);
        CreateFolder(folder);
        if (isNew || OperatingSystem.IsWindows() || (File.GetUnixFileMode(folder) & OthersBits) == 0)
        {
            return;
        }

        // A folder that is the store's alone may be closed; one with other things in it is not ours to change.
        if (!File.Exists(databasePath) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.StoreUnusable,
                $"Other users can open the store's folder '{folder}', and it holds other things than the store.",
                folder,
                $"Set {HomeVariable} in the environment to a folder of its own, or close this one: chmod 700 '{folder}'.");
        }

        File.SetUnixFileMode(folder, OwnerOnly);
    }

    private static void MakePrivateFile(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!File.Exists(path))
        {
            // SQLite gives its side files the mode of the database, so the file is made before SQLite sees it.
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = OwnerReadsAndWrites,
            };
            new FileStream(path, options).Dispose();
        }
        else if ((File.GetUnixFileMode(path) & OthersBits) != 0)
        {
            File.SetUnixFileMode(path, OwnerReadsAndWrites);
        }
    }
}
