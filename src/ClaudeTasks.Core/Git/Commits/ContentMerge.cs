using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>Carries what a task did to a file over to another version of that file, by git's three-way merge.</summary>
/// <param name="snapshots">Knows the versions, and takes the merged content.</param>
/// <param name="workspace">The operation's scratch folder.</param>
internal sealed class ContentMerge(SnapshotStore snapshots, Workspace workspace)
{
    /// <summary>The other version with the task's change in it; null where the two are in each other's way.</summary>
    public async Task<TreeEntry?> CarryAsync(PathChange change, TreeEntry other)
    {
        if (other.IsSameAs(change.Base) || other.IsSameAs(change.Result))
        {
            return change.Result;
        }

        if (!IsFile(change.Base) || !IsFile(change.Result) || !IsFile(other))
        {
            return null;
        }

        var mode = other.Mode == change.Base.Mode ? change.Result.Mode : change.Result.Mode == change.Base.Mode ? other.Mode : null;
        if (mode is null)
        {
            return null;
        }

        var folder = workspace.NewPath("merge");
        Directory.CreateDirectory(folder);
        await WriteAsync(Path.Combine(folder, "other"), other.Id).ConfigureAwait(false);
        await WriteAsync(Path.Combine(folder, "base"), change.Base.Id).ConfigureAwait(false);
        await WriteAsync(Path.Combine(folder, "result"), change.Result.Id).ConfigureAwait(false);

        // The exit code counts the conflicts; what cannot be merged, such as binary content, is an error.
        var merged = await new GitCall(folder, null, workspace.Cancellation)
            .TryRunAsync(["merge-file", "-p", "-q", "other", "base", "result"])
            .ConfigureAwait(false);
        return merged.ExitCode == 0 ? new TreeEntry(mode, await snapshots.WriteBlobAsync(merged.Output).ConfigureAwait(false)) : null;
    }

    private static bool IsFile(TreeEntry entry) => entry.Mode.StartsWith("100", StringComparison.Ordinal);

    private async Task WriteAsync(string path, string blob)
    {
        var content = await snapshots.Git.RunAsync(["cat-file", "blob", blob]).ConfigureAwait(false);
        await File.WriteAllBytesAsync(path, content.Output, workspace.Cancellation).ConfigureAwait(false);
    }
}
