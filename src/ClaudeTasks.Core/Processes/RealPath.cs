namespace ClaudeTasks.Processes;

/// <summary>Follows the links in a path, as the file system does when the path is opened.</summary>
internal static class RealPath
{
    /// <summary>The most links that Linux follows in one path.</summary>
    private const int MostLinks = 40;

    /// <summary>Returns the path with all links resolved. What does not exist is kept as it is written.</summary>
    /// <param name="path">A full path.</param>
    /// <returns>The real path; null if links lead in a circle or cannot be read.</returns>
    public static string? Resolve(string path)
    {
        try
        {
            var links = 0;
            var root = Path.GetPathRoot(path)!;
            var resolved = root;
            var rest = new Stack<string>(Parts(path[root.Length..]).Reverse());
            while (rest.TryPop(out var part))
            {
                if (part == "..")
                {
                    resolved = Path.GetDirectoryName(resolved) ?? resolved;
                    continue;
                }

                var next = Path.Combine(resolved, part);
                if (new FileInfo(next).LinkTarget is not { } target)
                {
                    resolved = next;
                    continue;
                }

                if (++links > MostLinks)
                {
                    return null;
                }

                var targetRoot = Path.GetPathRoot(target)!;
                resolved = targetRoot.Length > 0 ? Path.GetFullPath(targetRoot) : resolved;
                foreach (var inTarget in Parts(target[targetRoot.Length..]).Reverse())
                {
                    rest.Push(inTarget);
                }
            }

            return resolved;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != ".");
}
