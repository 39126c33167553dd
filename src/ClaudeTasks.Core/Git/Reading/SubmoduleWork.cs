using System.Text;

namespace ClaudeTasks.Git;

/// <summary>
/// Work inside submodules, which no tree of the repository holds: a snapshot knows a submodule's commit and nothing else of it, and in a
/// work tree of its own even that commit goes with the folder.
/// </summary>
internal static class SubmoduleWork
{
    /// <summary>The submodules, checked out, in which something is not committed.</summary>
    public static async Task<List<string>> FindUncommittedAsync(GitRepository repository) =>
        File.Exists(Path.Combine(repository.Root, ".gitmodules"))
            ? await WhereAsync(repository, await FindSubmodulesAsync(repository).ConfigureAwait(false), IsDirtyAsync).ConfigureAwait(false)
            : [];

    /// <summary>
    /// The submodules, checked out, and repositories that were made or cloned inside this one, with something that is in no other
    /// repository: not committed, or in commits that were pushed nowhere.
    /// </summary>
    public static async Task<List<string>> FindUnsavedAsync(GitRepository repository)
    {
        var status = await repository.ReadStatusAsync().ConfigureAwait(false);

        // git does not look into a repository inside of another, and names it as a folder.
        var inside = status.Dirty.Where(path => path.EndsWith('/')).Select(path => path.TrimEnd('/'));
        return await WhereAsync(
            repository,
            inside.Concat(await FindSubmodulesAsync(repository).ConfigureAwait(false)),
            async git =>
                await IsDirtyAsync(git).ConfigureAwait(false) || await HasOwnCommitsAsync(git).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>
    /// Of paths that became repositories of their own, those that no <c>.gitmodules</c> names: a commit would hold only a link there, and a
    /// clone would get an empty folder.
    /// </summary>
    /// <param name="repository">The working tree.</param>
    /// <param name="added">The paths.</param>
    public static async Task<List<string>> FindNestedAsync(GitRepository repository, IEnumerable<string> added)
    {
        var paths = added.ToList();
        if (paths.Count == 0)
        {
            return [];
        }

        string[] read = ["config", "--null", "--file", ".gitmodules", "--get-regexp", @"^submodule\..*\.path$"];
        var known = await repository.Git.TryRunAsync(read).ConfigureAwait(false);
        var submodules = known.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('\n', 2)[^1])
            .ToHashSet(StringComparer.Ordinal);
        return [.. paths.Where(path => !submodules.Contains(path))];
    }

    /// <summary>Whether a submodule that is checked out where git runs has a commit to check out.</summary>
    public static async Task<bool> HasCommitAsync(GitCall git, string commit) =>
        await git.TryRunAsync(["cat-file", "-e", commit + "^{commit}"]).ConfigureAwait(false) is { ExitCode: 0 };

    private static async Task<IEnumerable<string>> FindSubmodulesAsync(GitRepository repository)
    {
        var listing = await repository.Git.RunAsync(["ls-files", "--stage", "-z"]).ConfigureAwait(false);
        return TreeReader.Split(listing.Output).Where(line => line.StartsWith(TreeEntry.SubmoduleMode, StringComparison.Ordinal))
            .Select(line => TreeDiff.Decode(Encoding.Latin1.GetBytes(line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..])));
    }

    private static async Task<List<string>> WhereAsync(
        GitRepository repository, IEnumerable<string> paths, Func<GitCall, Task<bool>> isWanted)
    {
        var found = new List<string>();
        foreach (var path in paths)
        {
            var folder = Path.Combine(repository.Root, path);
            if (Path.Exists(Path.Combine(folder, ".git")) && await isWanted(repository.In(folder)).ConfigureAwait(false))
            {
                found.Add(path);
            }
        }

        return found;
    }

    /// <summary>
    /// Whether something where git runs is not committed, whatever the repository's settings hide. A repository that git cannot read counts
    /// as one with work, so that nothing in it is lost.
    /// </summary>
    public static async Task<bool> IsDirtyAsync(GitCall git) =>
        await git.TryRunAsync(["status", "--porcelain=v2", "-z", "--untracked-files=normal", "--ignore-submodules=none"])
            .ConfigureAwait(false) is not { ExitCode: 0, Output.Length: 0 };

    /// <summary>
    /// Whether a commit where git runs was pushed nowhere. Commits that git cannot list count as such. Before the first commit of a branch,
    /// HEAD names none.
    /// </summary>
    private static async Task<bool> HasOwnCommitsAsync(GitCall git)
    {
        string[] head = await HasCommitAsync(git, "HEAD").ConfigureAwait(false) ? ["HEAD"] : [];
        return await git.TryRunAsync(["rev-list", "--max-count=1", .. head, "--branches", "--reflog", "--not", "--remotes"])
            .ConfigureAwait(false) is not { ExitCode: 0, Output.Length: 0 };
    }
}
