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
    public static async Task<DiffTrees> OfAsync(GitCall git, string folder, IReadOnlyCollection<DiffEntry> entries) => new(
        await MakeAsync(git, folder, entries.Select(entry => (entry.OldRawPath, entry.Old))).ConfigureAwait(false),
        await MakeAsync(git, folder, entries.Select(entry => (entry.NewRawPath, entry.New))).ConfigureAwait(false));

    private static async Task<string> MakeAsync(GitCall git, string folder, IEnumerable<(string RawPath, TreeEntry Entry)> entries)
    {
        var index = Path.Combine(folder, "index");
        try
        {
            var call = git.With("GIT_INDEX_FILE", index);
            await call.RunAsync(["read-tree", "--empty"]).ConfigureAwait(false);
            await call.RunAsync(["update-index", "-z", "--index-info"], TreeReader.ToIndexInfo(entries.Where(item => item.Entry.Exists).Distinct())).ConfigureAwait(false);
            return (await call.RunAsync(["write-tree"]).ConfigureAwait(false)).Text;
        }
        finally
        {
            File.Delete(index);
        }
    }
}
