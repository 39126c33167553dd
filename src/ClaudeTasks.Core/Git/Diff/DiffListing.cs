using System.Globalization;
using System.Text;
using ClaudeTasks.Model;

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

    /// <summary>The files in git's order; their lines are not counted.</summary>
    public static async Task<List<DiffEntry>> ReadAsync(GitCall git, DiffTrees trees, string[] pairing)
    {
        var listing = await git.RunAsync(
            ["diff-tree", "-r", "-z", .. pairing, "--raw", "--no-abbrev", "--ignore-submodules=none", trees.Base, trees.Result])
            .ConfigureAwait(false);
        return ReadEntries(new NulFields(listing.Output));
    }

    /// <summary>The entries of <c>--raw</c>, up to something else.</summary>
    public static List<DiffEntry> ReadEntries(NulFields fields)
    {
        var entries = new List<DiffEntry>();
        while (fields.Rest.Span.StartsWith(":"u8))
        {
            entries.Add(ReadEntry(fields));
        }

        return entries;
    }

    /// <summary>An entry with its lines counted, as the fields of <c>--numstat</c> say that follow.</summary>
    public static DiffEntry Count(DiffEntry entry, NulFields fields)
    {
        // "added TAB deleted TAB path", the path empty and two more fields behind it for a pair; "-" counts a binary file.
        // Only the counts are text for sure.
        var counts = Encoding.Latin1.GetString(fields.Next()).Split('\t', 3);
        if (counts[2].Length == 0)
        {
            fields.Next();
            fields.Next();
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

    private static DiffEntry ReadEntry(NulFields fields)
    {
        // ":mode mode id id letter" NUL path, and a second path for a pair.
        var raw = Encoding.ASCII.GetString(fields.Next()[1..]).Split(' ');
        var (before, after) = (new TreeEntry(raw[0], raw[2]), new TreeEntry(raw[1], raw[3]));
        var isPair = raw[4][0] is 'R' or 'C';
        var first = fields.Next();
        var path = isPair ? fields.Next() : first;
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
}
