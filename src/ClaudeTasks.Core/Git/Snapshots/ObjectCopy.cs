using System.Text;

namespace ClaudeTasks.Git;

/// <summary>Copies objects that only a task's own folder has into the repository, so that they outlive the folder.</summary>
internal static class ObjectCopy
{
    /// <summary>Copies those of the objects that the task has. All others are the repository's.</summary>
    /// <param name="snapshots">Reads the task's objects.</param>
    /// <param name="repository">Writes to the repository's own objects.</param>
    /// <param name="ids">The objects' ids.</param>
    public static async Task CopyAsync(SnapshotStore snapshots, GitCall repository, IEnumerable<string> ids)
    {
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return;
        }

        // The repository is not asked what it has: a partial clone would fetch what it has not.
        var git = snapshots.OwnGit;
        var own = await git.RunAsync(["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)"])
            .ConfigureAwait(false);
        wanted.IntersectWith(own.Text.Split('\n'));
        if (wanted.Count == 0)
        {
            return;
        }

        var pack = await git.RunAsync(["pack-objects", "--stdout", "--quiet"], Lines(wanted)).ConfigureAwait(false);
        await repository.RunAsync(["unpack-objects", "-q"], pack.Output).ConfigureAwait(false);
    }

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));
}
