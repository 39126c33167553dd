using System.Text;

namespace ClaudeTasks.Git;

/// <summary>What <c>git status --porcelain=v2 --branch --no-renames -z</c> says.</summary>
/// <param name="Commit">The commit that is checked out; null before the first one.</param>
/// <param name="Branch">The branch that is checked out; null when HEAD is detached.</param>
/// <param name="Dirty">The paths that are changed, staged or untracked.</param>
/// <param name="Changed">Those of them, raw, whose files are not as the index has them.</param>
/// <param name="Staged">What the index holds where it differs from the commit, by raw paths.</param>
/// <param name="HasInner">Whether a repository inside this one is among them, or was.</param>
internal sealed record GitStatus(
    string? Commit,
    string? Branch,
    IReadOnlyList<string> Dirty,
    IReadOnlyList<string> Changed,
    IReadOnlyList<(string RawPath, TreeEntry Entry)> Staged,
    bool HasInner)
{
    public bool IsClean => Dirty.Count == 0;

    public static GitStatus Parse(byte[] output)
    {
        string? commit = null;
        string? branch = null;
        var dirty = new List<string>();
        var changed = new List<string>();
        var staged = new List<(string, TreeEntry)>();
        var hasInner = false;
        foreach (var record in TreeReader.Split(output))
        {
            switch (record[0])
            {
                case '#' when record.StartsWith("# branch.oid ", StringComparison.Ordinal):
                    commit = record[13..] is var oid && oid != "(initial)" ? oid : null;
                    break;
                case '#' when record.StartsWith("# branch.head ", StringComparison.Ordinal):
                    branch = record[14..] is var head && head != "(detached)" ? Text(head) : null;
                    break;
                case '1':
                    // "1 XY sub mH mI mW hH hI path": what X says is of the index, what Y says of the file.
                    var fields = record.Split(' ', 9);
                    hasInner |= fields.AsSpan(3..6).Contains(TreeEntry.SubmoduleMode);
                    dirty.Add(Text(fields[8]));
                    if (fields[1][0] != '.')
                    {
                        staged.Add((fields[8], new TreeEntry(fields[4], fields[7])));
                    }

                    if (fields[1][1] != '.')
                    {
                        changed.Add(fields[8]);
                    }

                    break;
                case 'u':
                    // "u XY sub m1 m2 m3 mW h1 h2 h3 path".
                    var sides = record.Split(' ', 11);
                    hasInner |= sides.AsSpan(3..7).Contains(TreeEntry.SubmoduleMode);
                    changed.Add(sides[10]);
                    dirty.Add(Text(changed[^1]));
                    break;
                case '?':
                    // An untracked one is named as a folder.
                    hasInner |= record.EndsWith('/');
                    changed.Add(record[2..]);
                    dirty.Add(Text(changed[^1]));
                    break;
            }
        }

        return new GitStatus(commit, branch, dirty, changed, staged, hasInner);
    }

    private static string Text(string raw) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(raw));
}
