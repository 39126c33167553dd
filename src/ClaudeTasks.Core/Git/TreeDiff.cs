using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Git;

/// <summary>What is different between two trees: the changed files as data, and the patch that makes one into the other.</summary>
/// <param name="Changes">The files in git's order, each with the length of its part of the patch in bytes.</param>
/// <param name="Patch">The whole patch, which <c>git apply</c> takes.</param>
internal sealed record TreeDiff(IReadOnlyList<(ClaudeTaskChange Change, int PatchLength)> Changes, byte[] Patch)
{
    public static async Task<TreeDiff> TakeAsync(
        string folder, string baseTree, string resultTree, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        if (baseTree == resultTree)
        {
            return new TreeDiff([], []);
        }

        var listing = await GitProgram.RunAsync(
            folder,
            ["diff-tree", "-r", "-z", "-M", "-l1000", "--raw", "--numstat", "--no-abbrev", "--ignore-submodules=none", baseTree, resultTree],
            environment,
            cancellation: cancellation).ConfigureAwait(false);
        var patch = await GitProgram.RunAsync(
            folder,
            [
                "diff-tree", "-r", "-p", "-M", "-l1000", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color",
                "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none", baseTree, resultTree,
            ],
            environment,
            cancellation: cancellation).ConfigureAwait(false);

        var changes = ParseListing(listing.Output);
        var sections = FindSections(patch.Output);
        return new TreeDiff(Join(folder, changes, sections, patch.Output.Length), patch.Output);
    }

    private static List<ClaudeTaskChange> ParseListing(byte[] output)
    {
        var fields = new Queue<byte[]>(SplitAtNul(output));
        var changes = new List<ClaudeTaskChange>();
        while (fields.TryPeek(out var field) && field.AsSpan().StartsWith(":"u8))
        {
            var raw = Encoding.ASCII.GetString(fields.Dequeue().AsSpan(1)).Split(' ');
            var letter = raw[4][0];
            var first = Decode(fields.Dequeue());
            var isPair = letter is 'R' or 'C';
            changes.Add(new ClaudeTaskChange
            {
                Path = isPair ? Decode(fields.Dequeue()) : first,
                OldPath = isPair ? first : null,
                OldMode = raw[0],
                NewMode = raw[1],
                Kind = letter switch
                {
                    'A' => ClaudeTaskChangeKind.Added,
                    'D' => ClaudeTaskChangeKind.Deleted,
                    'R' => ClaudeTaskChangeKind.Renamed,
                    'C' => ClaudeTaskChangeKind.Copied,
                    'T' => ClaudeTaskChangeKind.TypeChanged,
                    _ when raw[2] == raw[3] => ClaudeTaskChangeKind.ModeChanged,
                    _ => ClaudeTaskChangeKind.Modified,
                },
            });
        }

        for (var i = 0; i < changes.Count; i++)
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
            changes[i] = changes[i] with
            {
                IsBinary = isBinary,
                Additions = isBinary ? null : int.Parse(counts[0], CultureInfo.InvariantCulture),
                Deletions = isBinary ? null : int.Parse(counts[1], CultureInfo.InvariantCulture),
            };
        }

        return changes;
    }

    /// <summary>
    /// Where each file's part of the patch begins. Inside a part every line begins with a space, a sign, a backslash or base85 text
    /// without spaces, so a line that begins with these words begins a part.
    /// </summary>
    private static List<int> FindSections(ReadOnlySpan<byte> patch)
    {
        var sections = new List<int>();
        var header = "diff --git "u8;
        for (var start = 0; start < patch.Length;)
        {
            var line = patch[start..];
            if (line.StartsWith(header))
            {
                sections.Add(start);
            }

            var end = line.IndexOf((byte)'\n');
            start = end < 0 ? patch.Length : start + end + 1;
        }

        return sections;
    }

    private static List<(ClaudeTaskChange Change, int PatchLength)> Join(
        string folder, List<ClaudeTaskChange> changes, List<int> sections, int patchLength)
    {
        // git writes a change of type as a removal and an addition.
        var parts = changes.Sum(PartsOf);
        if (parts != sections.Count)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"git described {parts} changes in '{folder}' but wrote a patch of {sections.Count}.",
                folder,
                "Please report this with the version of git.");
        }

        var joined = new List<(ClaudeTaskChange, int)>();
        var next = 0;
        foreach (var change in changes)
        {
            var start = sections[next];
            next += PartsOf(change);
            joined.Add((change, (next < sections.Count ? sections[next] : patchLength) - start));
        }

        return joined;
    }

    private static int PartsOf(ClaudeTaskChange change) => change.Kind == ClaudeTaskChangeKind.TypeChanged ? 2 : 1;

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
}
