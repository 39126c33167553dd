using System.Text;
using ClaudeTasks.Model;

namespace ClaudeTasks.Git;

/// <summary>
/// What lies on disk in the way of files that are to be written, and that git would take away without a word: a file where a folder must
/// be, a folder with something in it where a file must be, an ignored file of the same name.
/// </summary>
internal static class Obstacles
{
    /// <param name="root">The work tree.</param>
    /// <param name="entries">What is to be written and removed.</param>
    /// <param name="now">What git sees in the work tree now.</param>
    /// <returns>Paths of somebody's files, relative to the root.</returns>
    public static List<string> Find(
        string root, IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries, IReadOnlyDictionary<string, TreeEntry> now)
    {
        var removed = entries.Where(item => !item.Entry.Exists).Select(item => Shown(item.RawPath)).ToHashSet(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var (rawPath, entry) in entries.Where(item => item.Entry.HasContent))
        {
            var path = Shown(rawPath);
            for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                var parent = path[..slash];
                if (IsFile(Path.Combine(root, parent)) && !removed.Contains(parent))
                {
                    found.Add(parent);
                }
            }

            var full = Path.Combine(root, path);
            if (IsFile(full))
            {
                if (!TreeReader.At(now, rawPath).Exists)
                {
                    found.Add(path);
                }
            }
            else if (Directory.Exists(full))
            {
                found.AddRange(FilesIn(full)
                    .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
                    .Where(file => !removed.Contains(file)));
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <exception cref="ClaudeTaskException">Something is in the way.</exception>
    public static void Refuse(
        string root, IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries, IReadOnlyDictionary<string, TreeEntry> now)
    {
        var found = Find(root, entries, now);
        if (found.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince,
                $"In the way of files that would be written, and left alone: {string.Join(", ", found.Take(10))}"
                    + $"{(found.Count > 10 ? $" and {found.Count - 10} more" : "")}.",
                found[0],
                "Move them away first. Nothing was changed.");
        }
    }

    private static bool IsFile(string path) => File.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>Everything in a folder that is no folder; links are not followed.</summary>
    private static IEnumerable<string> FilesIn(string folder) => Directory.EnumerateFileSystemEntries(folder)
        .SelectMany(path => IsFile(path) ? [path] : FilesIn(path));

    private static string Shown(string rawPath) => TreeDiff.Decode(Encoding.Latin1.GetBytes(rawPath));
}
