using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>What is different between two trees: the changed files as data, and the patch that makes one into the other.</summary>
/// <param name="Changes">The files, those in the patch in git's order.</param>
internal sealed record TreeDiff(IReadOnlyList<FileDiff> Changes)
{
    /// <summary>
    /// A file whose content is larger than this, before or after, is told by hash and size and is not in the patch. So are the largest
    /// files of a diff beyond <see cref="LimitOfAll"/>.
    /// </summary>
    public const long LimitOfOne = 100L << 20;

    /// <summary>How many bytes of content one diff looks at; it must fit into memory and into one row of the store.</summary>
    public const long LimitOfAll = 5 * LimitOfOne;

    /// <summary>Compares two trees.</summary>
    /// <param name="git">Where both trees are known, and written objects are scratch.</param>
    /// <param name="workspace">The operation's scratch folder.</param>
    /// <param name="baseTree">The tree before.</param>
    /// <param name="resultTree">The tree after.</param>
    /// <param name="limit">The largest content of a file in the patch, in bytes.</param>
    public static async Task<TreeDiff> TakeAsync(
        GitCall git, Workspace workspace, string baseTree, string resultTree, long limit = LimitOfOne)
    {
        if (baseTree == resultTree)
        {
            return new TreeDiff([]);
        }

        var trees = new DiffTrees(baseTree, resultTree);
        var all = await DiffListing.ReadAsync(git, trees, DiffListing.Identity).ConfigureAwait(false);
        var sizes = await ReadSizesAsync(git, all).ConfigureAwait(false);
        var large = FindLarge(all, sizes, limit);
        if (large.Count > 0)
        {
            trees = await DiffTrees.OfAsync(git, workspace, [.. all.Except(large)]).ConfigureAwait(false);
        }

        var parts = await DiffPatch.ReadAsync(git, trees, DiffListing.Similarity).ConfigureAwait(false);
        var odd = parts.Where(part => !Utf8.IsValid(part.Patch.Span)).Select(part => part.Entry).ToList();
        var binaries = odd.Zip(await DiffPatch.ReadAsBinaryAsync(git, workspace, odd).ConfigureAwait(false))
            .ToDictionary(item => item.First, item => item.Second);
        return new TreeDiff(
        [
            .. parts.Select(part => new FileDiff(WithSizes(part.Entry, sizes), part.Patch, binaries.GetValueOrDefault(part.Entry))),
            .. large.Select(entry => WithSizes(entry, sizes) with { IsOverLimit = true })
                .Select(change => new FileDiff(change, DiffPatch.Describe(change, limit), null)),
        ]);
    }

    /// <summary>A name in UTF-8 as it is; any other as git quotes it, so that no two names become one.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var quoted = new StringBuilder("\"");
        foreach (var value in bytes)
        {
            quoted.Append(value is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\'
                ? ((char)value).ToString()
                : "\\" + Convert.ToString(value, 8).PadLeft(3, '0'));
        }

        return quoted.Append('"').ToString();
    }

    private static async Task<Dictionary<string, long>> ReadSizesAsync(GitCall git, List<DiffEntry> entries)
    {
        var ids = string.Concat(entries.SelectMany(entry => entry.Blobs).Distinct().Select(id => id + "\n"));
        var answer = await git.RunAsync(["cat-file", "--batch-check=%(objectname) %(objectsize)"], Encoding.ASCII.GetBytes(ids))
            .ConfigureAwait(false);

        // What git does not have ends in "missing"; the patch will say so.
        return answer.Text.Split('\n').Select(line => line.Split(' '))
            .Where(fields => fields is [_, [>= '0' and <= '9', ..]])
            .ToDictionary(fields => fields[0], fields => long.Parse(fields[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    private static HashSet<DiffEntry> FindLarge(List<DiffEntry> entries, Dictionary<string, long> sizes, long limit)
    {
        var large = new HashSet<DiffEntry>();
        var total = 0L;
        foreach (var (entry, size) in entries
            .Select(entry => (entry, Size: Sizes(entry).DefaultIfEmpty().Max()))
            .OrderBy(item => item.Size))
        {
            total += Sizes(entry).Sum();
            if (size > limit || total > LimitOfAll)
            {
                large.Add(entry);
            }
        }

        return large;

        IEnumerable<long> Sizes(DiffEntry entry) => entry.Blobs.Select(id => sizes.GetValueOrDefault(id));
    }

    private static ClaudeTaskChange WithSizes(DiffEntry entry, Dictionary<string, long> sizes)
    {
        return entry.Change with { OldSize = Size(entry.Old), NewSize = Size(entry.New) };

        long? Size(TreeEntry side) => side.HasContent && sizes.TryGetValue(side.Id, out var size) ? size : null;
    }
}
