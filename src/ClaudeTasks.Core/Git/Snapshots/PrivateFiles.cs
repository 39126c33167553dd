namespace ClaudeTasks.Git;

/// <summary>
/// Files and folders that only their user can open, whatever the umask is. On Windows, the rights of the folder above apply.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode Others = (UnixFileMode)0b111_111;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Whether only the user can open the folder.</summary>
    public static bool IsPrivate(string folder) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & Others) == 0;

    /// <summary>Makes a folder, and those above it that are missing (0700). .NET would leave the folders above to the umask.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            CreateFolder(Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(folder, Owner);
        }
    }

    /// <summary>Opens a file to append to; a new one is made private (0600).</summary>
    public static FileStream Append(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Owner & ~UnixFileMode.UserExecute;
        }

        return new FileStream(path, options);
    }

    /// <summary>Takes the rights of all other users from a file.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & Owner);
        }
    }
}
