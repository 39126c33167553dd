using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>Two trees to be compared.</summary>
/// <param name="Base">What was there before.</param>
/// <param name="Result">What is there after.</param>
internal sealed record DiffTrees(string Base, string Result)
{
    /// <summary>
    /// Trees of some files alone, so that git compares these and reads no others. A path is never an argument: there may be too many of
    /// them, and not every name can be one.
    /// </summary>
    public static async Task<DiffTrees> OfAsync(GitCall git, Workspace workspace, IReadOnlyCollection<DiffEntry> entries) => new(
        await MakeAsync(git, workspace, entries.Select(entry => (entry.OldRawPath, entry.Old))).ConfigureAwait(false),
        await MakeAsync(git, workspace, entries.Select(entry => (entry.NewRawPath, entry.New))).ConfigureAwait(false));

    private static async Task<string> MakeAsync(GitCall git, Workspace workspace, IEnumerable<(string RawPath, TreeEntry Entry)> entries)
    {
        var call = git.With("GIT_INDEX_FILE", workspace.NewPath("index"));
        await call.RunAsync(["read-tree", "--empty"]).ConfigureAwait(false);
        await call.RunAsync(
            ["update-index", "-z", "--index-info"],
            TreeReader.ToIndexInfo(entries.Where(item => item.Entry.Exists).Distinct(), noId: "")).ConfigureAwait(false);
        return await SnapshotStore.WriteTreeAsync(call).ConfigureAwait(false);
    }
}
