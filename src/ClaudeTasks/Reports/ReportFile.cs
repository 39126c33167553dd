namespace ClaudeTasks.Reports;

/// <summary>Writes the file of a report so that only its user can read it, and follows no link that a repository contains.</summary>
internal static class ReportFile
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MostLinks = 40;

    /// <summary>
    /// Writes the file (0600 on Unix). The content is complete in a temporary file of the same folder before it takes the file's place.
    /// </summary>
    /// <param name="path">The file, as a full path.</param>
    /// <param name="content">What the file will contain.</param>
    /// <param name="replaces">Whether an existing file is replaced. Otherwise, it is an error.</param>
    /// <exception cref="IOException">The file cannot be written, is a link, or is not an ordinary file.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write it.</exception>
    public static void Write(string path, byte[] content, bool replaces)
    {
        RefuseLink(path);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder '{folder}' does not exist.");
        }

        if (replaces && File.Exists(path))
        {
            RequireOrdinary(path);
        }

        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerReadsAndWrites;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
            }

            File.Move(temporary, path, replaces);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <exception cref="IOException">The file is a link, or a folder of a Git working tree on its path is one.</exception>
    public static void RefuseLink(string path)
    {
        if (FindLink(path) is { } link)
        {
            throw new IOException($"'{link}' is a link, which a repository or a program may have made to lead elsewhere.");
        }
    }

    /// <summary>
    /// Returns the link that leads the file elsewhere: the file itself, or a folder of a Git working tree, whose content is not the
    /// user's. Null if there is none. A link outside of working trees is the user's own.
    /// </summary>
    /// <param name="path">The file, as a full path. It need not exist.</param>
    public static string? FindLink(string path)
    {
        var folder = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(NamesOf(path).AsEnumerable().Reverse());
        for (var links = 0; rest.TryPop(out var name);)
        {
            var next = Path.GetFullPath(Path.Combine(folder, name));
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                folder = next;
                continue;
            }

            if (rest.Count == 0 || IsInWorkingTree(folder) || ++links > MostLinks)
            {
                return next;
            }

            folder = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : folder;
            foreach (var part in NamesOf(target).AsEnumerable().Reverse())
            {
                rest.Push(part);
            }
        }

        return null;
    }

    private static string[] NamesOf(string path) => path[Path.GetPathRoot(path)!.Length..].Split(
        [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsInWorkingTree(string folder)
    {
        for (var parent = folder; parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (Path.Exists(Path.Combine(parent, ".git")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Opens the file as a program would that overwrites it. A pipe or a device must not be replaced by a file.</summary>
    private static void RequireOrdinary(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        if (!file.CanSeek)
        {
            throw new IOException("It is not an ordinary file.");
        }

        if (file.Length == 0)
        {
            // A device says that it has no length, and refuses to be given one.
            file.SetLength(0);
        }
    }
}
