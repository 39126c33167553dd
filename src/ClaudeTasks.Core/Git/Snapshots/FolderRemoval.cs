using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>
/// Deletes a folder in which a process that a task left may replace a folder by a link at any moment. On Unix, <c>rm</c> opens each folder
/// from the one above it and follows no link; neither git nor .NET does that.
/// </summary>
internal static class FolderRemoval
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Deletes the folder with everything in it. Links in it are deleted, not followed.</summary>
    /// <exception cref="ClaudeTaskException">Something in it cannot be deleted.</exception>
    public static async Task RemoveAsync(string folder)
    {
        var problem = await TryRemoveAsync(folder).ConfigureAwait(false);
        if (Directory.Exists(folder))
        {
            Unlock(new DirectoryInfo(folder));
            problem = await TryRemoveAsync(folder).ConfigureAwait(false);
        }

        if (Directory.Exists(folder))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"'{folder}' could not be deleted: {problem}",
                folder,
                "End the programs that use it, and make its files deletable. Then run the command again.");
        }
    }

    /// <summary>Returns what speaks against it; null when nothing does.</summary>
    private static async Task<string?> TryRemoveAsync(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            var removed = await ProgramRun.CollectAsync(new ProcessStartInfo("/bin/rm", ["-rf", "--", folder]), [], Limit, default)
                .ConfigureAwait(false);
            return removed.Error;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Lifts the write protection that caches of some build tools have, and on Windows git's objects.</summary>
    private static void Unlock(DirectoryInfo folder)
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
