using System.Globalization;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Git;

/// <summary>Patches, taken apart into the files' own.</summary>
internal static class DiffPatch
{
    /// <summary>
    /// The files that differ, their lines counted, each with its part of the patch: all by one look of git at their contents.
    /// </summary>
    public static async Task<List<(DiffEntry Entry, ReadOnlyMemory<byte> Patch)>> ReadAsync(GitCall git, DiffTrees trees, string[] pairing)
    {
        var answer = await git.RunAsync(
            [
                "diff-tree", "-r", "-z", "--raw", "--numstat", "-p", .. pairing, "--no-abbrev", "--binary", "--full-index", "--no-ext-diff",
                "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none",
                trees.Base, trees.Result,
            ]).ConfigureAwait(false);
        var fields = new NulFields(answer.Output);
        var entries = DiffListing.ReadEntries(fields).ConvertAll(entry => DiffListing.Count(entry, fields));

        // An empty field stands before the patch.
        fields.Next();
        return [.. entries.Zip(Split(git.Folder, fields.Rest, entries))];
    }

    /// <summary>
    /// The patches of files whose text is in no encoding that a string could hold, as binary ones. git takes them in a place of their own,
    /// because attributes in the repository would have the last word on what is binary.
    /// </summary>
    public static async Task<List<byte[]>> ReadAsBinaryAsync(GitCall git, Workspace workspace, IReadOnlyCollection<DiffEntry> entries)
    {
        if (entries.Count == 0)
        {
            return [];
        }

        // A copy stands for itself; what becomes of its source is a change of its own.
        entries =
        [
            .. entries.Select(entry => entry.Change.Kind == ClaudeTaskChangeKind.Copied
                ? entry with { OldRawPath = entry.NewRawPath, Old = entry.Old with { Mode = TreeEntry.NoMode } }
                : entry),
        ];
        var trees = await DiffTrees.OfAsync(git, workspace, entries).ConfigureAwait(false);
        var place = workspace.NewPath("binary");
        var format = trees.Base.Length == 40 ? "sha1" : "sha256";
        await GitProgram.RunAsync(
            workspace.Folder,
            ["init", "--quiet", "--bare", "--template=", "--object-format=" + format, place],
            cancellation: git.Cancellation).ConfigureAwait(false);
        Directory.CreateDirectory(Path.Combine(place, "info"));
        await File.WriteAllTextAsync(Path.Combine(place, "info", "attributes"), "* -diff\n", git.Cancellation).ConfigureAwait(false);
        var parts = await ReadAsync(git.With("GIT_DIR", place), trees, DiffListing.Apart).ConfigureAwait(false);
        var byPath = parts.ToDictionary(item => item.Entry.NewRawPath, item => item.Patch, StringComparer.Ordinal);
        return [.. entries.Select(entry => Concatenate(
            new[] { entry.OldRawPath, entry.NewRawPath }.Distinct().Where(byPath.ContainsKey).Select(path => byPath[path])))];
    }

    /// <summary>A line instead of a patch; <c>git apply</c> passes over it.</summary>
    public static byte[] Describe(ClaudeTaskChange change, long limit)
    {
        var path = TerminalText.OneLine(change.Path, 500);
        var (before, after) = (Side(change.OldSize, change.OldHash), Side(change.NewSize, change.NewHash));
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"# {path}: over the limit of {limit:N0} bytes, so its content is not here. Before: {before}. After: {after}.\n"));
    }

    public static byte[] Concatenate(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var all = parts.ToList();
        var whole = new byte[all.Sum(part => part.Length)];
        var offset = 0;
        foreach (var part in all)
        {
            part.CopyTo(whole.AsMemory(offset));
            offset += part.Length;
        }

        return whole;
    }

    /// <summary>
    /// Inside a section every line begins with a space, a sign, a backslash or base85 text without spaces, so a line that begins with
    /// these words begins a section.
    /// </summary>
    private static List<ReadOnlyMemory<byte>> Split(string folder, ReadOnlyMemory<byte> patch, List<DiffEntry> entries)
    {
        var starts = new List<int>();
        for (var start = 0; start < patch.Length;)
        {
            var line = patch.Span[start..];
            if (line.StartsWith("diff --git "u8))
            {
                starts.Add(start);
            }

            var end = line.IndexOf((byte)'\n');
            start = end < 0 ? patch.Length : start + end + 1;
        }

        var sections = entries.Sum(entry => entry.Sections);
        if (sections != starts.Count)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"git described {sections} changes in '{folder}' but wrote a patch of {starts.Count}.",
                folder,
                "Please report this with the version of git.");
        }

        starts.Add(patch.Length);
        var parts = new List<ReadOnlyMemory<byte>>();
        var next = 0;
        foreach (var entry in entries)
        {
            parts.Add(patch[starts[next]..starts[next + entry.Sections]]);
            next += entry.Sections;
        }

        return parts;
    }

    private static string Side(long? size, string? hash) =>
        hash is null ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{size:N0} bytes, {hash}");
}
