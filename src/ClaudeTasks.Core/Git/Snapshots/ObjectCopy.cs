using System.Text;

namespace ClaudeTasks.Git;

/// <summary>Copies objects that only a task's own folder has into the repository, so that they outlive the folder.</summary>
internal static class ObjectCopy
{
    /// <summary>Copies the objects that the repository does not have yet.</summary>
    /// <param name="from">Reads the task's objects.</param>
    /// <param name="repository">Writes to the repository's own objects.</param>
    /// <param name="ids">The objects' ids.</param>
    public static async Task CopyAsync(GitCall from, GitCall repository, IEnumerable<string> ids)
    {
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return;
        }

        var known = await repository.RunAsync(["cat-file", "--batch-check=%(objectname)"], Lines(wanted)).ConfigureAwait(false);
        wanted.ExceptWith(known.Text.Split('\n').Where(line => !line.EndsWith(" missing", StringComparison.Ordinal)));
        if (wanted.Count == 0)
        {
            return;
        }

        var pack = await from.RunAsync(["pack-objects", "--stdout", "--quiet"], Lines(wanted)).ConfigureAwait(false);
        await repository.RunAsync(["unpack-objects", "-q"], pack.Output).ConfigureAwait(false);
    }

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));
}
