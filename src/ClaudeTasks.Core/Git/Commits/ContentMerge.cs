namespace ClaudeTasks.Git;

/// <summary>Carries what a task did to a file over to another version of that file, by git's three-way merge.</summary>
/// <param name="repository">Where the versions are known.</param>
/// <param name="snapshots">Takes the merged content.</param>
/// <param name="folder">A private folder for the versions as files.</param>
internal sealed class ContentMerge(GitRepository repository, SnapshotStore snapshots, string folder)
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

        var below = Path.Combine(folder, "merge");
        Directory.CreateDirectory(below);
        try
        {
            await WriteAsync(Path.Combine(below, "other"), other.Id).ConfigureAwait(false);
            await WriteAsync(Path.Combine(below, "base"), change.Base.Id).ConfigureAwait(false);
            await WriteAsync(Path.Combine(below, "result"), change.Result.Id).ConfigureAwait(false);

            // The exit code counts the conflicts; what cannot be merged, such as binary content, is an error.
            var merged = await GitProgram.TryRunAsync(below, ["merge-file", "-p", "-q", "other", "base", "result"]).ConfigureAwait(false);
            return merged.ExitCode == 0 ? new TreeEntry(mode, await snapshots.WriteBlobAsync(merged.Output).ConfigureAwait(false)) : null;
        }
        finally
        {
            Directory.Delete(below, recursive: true);
        }
    }

    private static bool IsFile(TreeEntry entry) => entry.Mode.StartsWith("100", StringComparison.Ordinal);

    private async Task WriteAsync(string path, string blob)
    {
        var content = await GitProgram.RunAsync(repository.Root, ["cat-file", "blob", blob], snapshots.Environment).ConfigureAwait(false);
        await File.WriteAllBytesAsync(path, content.Output).ConfigureAwait(false);
    }
}
