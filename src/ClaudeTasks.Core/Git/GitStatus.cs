using System.Text;

namespace ClaudeTasks.Git;

/// <summary>What <c>git status --porcelain=v2 --branch -z</c> says.</summary>
/// <param name="Commit">The commit that is checked out; null before the first one.</param>
/// <param name="Branch">The branch that is checked out; null when HEAD is detached.</param>
/// <param name="Dirty">The paths that are changed, staged or untracked.</param>
internal sealed record GitStatus(string? Commit, string? Branch, IReadOnlyList<string> Dirty)
{
    public bool IsClean => Dirty.Count == 0;

    public static GitStatus Parse(byte[] output)
    {
        string? commit = null;
        string? branch = null;
        var dirty = new List<string>();
        var records = new Queue<string>(Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries));
        while (records.TryDequeue(out var record))
        {
            switch (record[0])
            {
                case '#' when record.StartsWith("# branch.oid ", StringComparison.Ordinal):
                    commit = record[13..] is var oid && oid != "(initial)" ? oid : null;
                    break;
                case '#' when record.StartsWith("# branch.head ", StringComparison.Ordinal):
                    branch = record[14..] is var head && head != "(detached)" ? head : null;
                    break;
                case '1':
                    dirty.Add(Field(record, 8));
                    break;
                case '2':
                    dirty.Add(Field(record, 9));
                    records.TryDequeue(out _);
                    break;
                case 'u':
                    dirty.Add(Field(record, 10));
                    break;
                case '?':
                    dirty.Add(record[2..]);
                    break;
            }
        }

        return new GitStatus(commit, branch, dirty);
    }

    /// <summary>The rest of a record from a field on: the path, which may hold spaces.</summary>
    private static string Field(string record, int index) => record.Split(' ', index + 1)[index];
}
