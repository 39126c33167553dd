using System.Globalization;
using System.Text;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Git;

/// <summary>Which files differ between two trees, by git's machine formats.</summary>
internal static class DiffListing
{
    /// <summary>
    /// How two files are found to be one that was moved or copied. The source of a copy is looked for among the changed files only: in a
    /// large repository all others would have to be read. Two empty files have nothing in common.
    /// </summary>
    public static readonly string[] Similarity = ["-M", "-C", "-l1000", "--no-rename-empty"];

    /// <summary>Only files of the same content are taken for one, so that none has to be read.</summary>
    public static readonly string[] Identity = ["-M100%", "--no-rename-empty"];

    /// <summary>Every file is told by its own path.</summary>
    public static readonly string[] Apart = ["--no-renames"];

    /// <summary>The files in git's order; their lines are counted only where asked for.</summary>
    public static async Task<List<DiffEntry>> ReadAsync(GitCall git, DiffTrees trees, string[] pairing, bool withCounts)
    {
        string[] formats = withCounts ? ["--raw", "--numstat"] : ["--raw"];
        var listing = await git.RunAsync(
            ["diff-tree", "-r", "-z", .. pairing, .. formats, "--no-abbrev", "--ignore-submodules=none", trees.Base, trees.Result]).ConfigureAwait(false);
        var fields = new Queue<byte[]>(SplitAtNul(listing.Output));
        var entries = new List<DiffEntry>();
        while (fields.TryPeek(out var field) && field.AsSpan().StartsWith(":"u8))
        {
            entries.Add(ReadEntry(fields));
        }

        return withCounts ? [.. entries.Select(entry => Count(entry, fields))] : entries;
    }

    private static DiffEntry ReadEntry(Queue<byte[]> fields)
    {
        // ":mode mode id id letter" NUL path, and a second path for a pair.
        var raw = Encoding.ASCII.GetString(fields.Dequeue().AsSpan(1)).Split(' ');
        var (before, after) = (new TreeEntry(raw[0], raw[2]), new TreeEntry(raw[1], raw[3]));
        var isPair = raw[4][0] is 'R' or 'C';
        var first = fields.Dequeue();
        var path = isPair ? fields.Dequeue() : first;
        var change = new ClaudeTaskChange
        {
            Path = TreeDiff.Decode(path),
            OldPath = isPair ? TreeDiff.Decode(first) : null,
            OldMode = before.Mode,
            NewMode = after.Mode,
            OldHash = before.Exists ? before.Id : null,
            NewHash = after.Exists ? after.Id : null,
            Kind = raw[4][0] switch
            {
                'A' => ClaudeTaskChangeKind.Added,
                'D' => ClaudeTaskChangeKind.Deleted,
                'R' => ClaudeTaskChangeKind.Renamed,
                'C' => ClaudeTaskChangeKind.Copied,
                'T' => ClaudeTaskChangeKind.TypeChanged,
                _ when before.Id == after.Id => ClaudeTaskChangeKind.ModeChanged,
                _ => ClaudeTaskChangeKind.Modified,
            },
        };
        return new DiffEntry(change, Encoding.Latin1.GetString(first), Encoding.Latin1.GetString(path), before, after);
    }

    private static DiffEntry Count(DiffEntry entry, Queue<byte[]> fields)
    {
        // "added TAB deleted TAB path", the path empty and two more fields behind it for a pair; "-" counts a binary file.
        // Only the counts are text for sure.
        var counts = Encoding.Latin1.GetString(fields.Dequeue()).Split('\t', 3);
        if (counts[2].Length == 0)
        {
            fields.Dequeue();
            fields.Dequeue();
        }

        var isBinary = counts[0] == "-";
        return entry with
        {
            Change = entry.Change with
            {
                IsBinary = isBinary,
                Additions = isBinary ? null : int.Parse(counts[0], CultureInfo.InvariantCulture),
                Deletions = isBinary ? null : int.Parse(counts[1], CultureInfo.InvariantCulture),
            },
        };
    }

    private static List<byte[]> SplitAtNul(byte[] output)
    {
        var fields = new List<byte[]>();
        var rest = output.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            fields.Add((end < 0 ? rest : rest[..end]).ToArray());
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return fields;
    }
}
