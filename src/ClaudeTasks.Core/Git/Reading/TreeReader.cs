using System.Text;

namespace ClaudeTasks.Git;

/// <summary>Reads trees and indexes as data. Paths are raw: one character for each byte, so that any name comes back as it was.</summary>
internal static class TreeReader
{
    /// <summary>The paths in which two trees differ, renames taken apart.</summary>
    public static async Task<List<PathChange>> CompareAsync(GitCall git, string from, string to)
    {
        var listing = await git.RunAsync(
            ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none", from, to]).ConfigureAwait(false);
        var fields = Split(listing.Output);
        var changes = new List<PathChange>();
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            // ":mode mode id id letter" NUL path
            var raw = fields[i][1..].Split(' ');
            changes.Add(new PathChange(fields[i + 1], new TreeEntry(raw[0], raw[2]), new TreeEntry(raw[1], raw[3])));
        }

        return changes;
    }

    /// <summary>What a tree holds, file by file.</summary>
    public static async Task<Dictionary<string, TreeEntry>> ReadTreeAsync(GitCall git, string tree)
    {
        var listing = await git.RunAsync(["ls-tree", "-r", "-z", "--full-tree", tree]).ConfigureAwait(false);
        return ReadLines(listing.Output);
    }

    /// <summary>The ids of a tree, its folders and its files. A submodule's commit is in another repository.</summary>
    public static async Task<HashSet<string>> ReadObjectsAsync(GitCall git, string tree)
    {
        var listing = await git.RunAsync(["ls-tree", "-r", "-t", "-z", "--full-tree", tree]).ConfigureAwait(false);
        var entries = ReadLines(listing.Output).Values;
        return entries.Where(entry => entry.HasContent).Select(entry => entry.Id).Append(tree).ToHashSet(StringComparer.Ordinal);
    }

    public static TreeEntry At(IReadOnlyDictionary<string, TreeEntry> entries, string path) =>
        entries.GetValueOrDefault(path, TreeEntry.Nothing);

    /// <summary>Lines for <c>update-index --index-info -z</c>. What goes away stands first, so that a folder can become a file.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="noId">The id of no object in the repository.</param>
    public static byte[] ToIndexInfo(IEnumerable<(string RawPath, TreeEntry Entry)> entries, string noId)
    {
        var text = new StringBuilder();
        foreach (var (path, entry) in entries.OrderBy(item => item.Entry.Exists))
        {
            text.Append(entry.Exists ? $"{entry.Mode} {entry.Id}" : $"0 {noId}").Append('\t').Append(path).Append('\0');
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public static Dictionary<string, TreeEntry> FromIndexInfo(byte[] lines)
    {
        var entries = new Dictionary<string, TreeEntry>(StringComparer.Ordinal);
        foreach (var line in Split(lines))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var fields = line[..tab].Split(' ');
            entries[line[(tab + 1)..]] = new TreeEntry(fields[0] == "0" ? TreeEntry.NoMode : fields[0], fields[1]);
        }

        return entries;
    }

    /// <summary>"mode type id TAB path", a line each.</summary>
    private static Dictionary<string, TreeEntry> ReadLines(byte[] output)
    {
        var entries = new Dictionary<string, TreeEntry>(StringComparer.Ordinal);
        foreach (var line in Split(output))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var fields = line[..tab].Split(' ');
            entries[line[(tab + 1)..]] = new TreeEntry(fields[0], fields[2]);
        }

        return entries;
    }

    /// <summary>The fields of an answer in NUL format.</summary>
    public static string[] Split(byte[] output) => Encoding.Latin1.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
