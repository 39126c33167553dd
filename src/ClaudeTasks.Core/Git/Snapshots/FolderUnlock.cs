namespace ClaudeTasks.Git;

/// <summary>
/// Lifts the write protection of a folder and all below it, as caches of some build tools have it (and on Windows git's objects), so that
/// it can be deleted. Links are not followed.
/// </summary>
internal static class FolderUnlock
{
    public static void Unlock(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        foreach (var item in folder.EnumerateFileSystemInfos().Where(item => item.LinkTarget is null))
        {
            if (item is DirectoryInfo below)
            {
                Unlock(below);
            }
            else if (OperatingSystem.IsWindows())
            {
                item.Attributes &= ~FileAttributes.ReadOnly;
            }
        }
    }
}
