using System.Collections.Concurrent;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Git;

/// <summary>A work tree and the repository it belongs to.</summary>
/// <param name="Root">The root of the work tree, symbolic links resolved.</param>
/// <param name="CommonFolder">git's common folder, the same for all work trees of a repository: its identity.</param>
/// <param name="GitFolder">The folder of this work tree's own index and HEAD.</param>
/// <param name="NoId">The id of no object: as many zeros as an id of this repository has digits.</param>
internal sealed record GitRepository(string Root, string CommonFolder, string GitFolder, string NoId)
{
    /// <summary>The trees of commits that were asked for; a commit's tree never changes.</summary>
    private static readonly ConcurrentDictionary<string, string> Trees = [];

    private const int MostTrees = 256;

    /// <summary>Names the work tree to git, before any setting.</summary>
    public const string WorkTreeVariable = "GIT_WORK_TREE";

    /// <summary>What git can be in the middle of, by the file or folder that shows it.</summary>
    private static readonly (string Marker, string Name, string Fix)[] Operations =
    [
        ("MERGE_HEAD", "merge", "git merge --continue or --abort"),
        ("rebase-merge", "rebase", "git rebase --continue or --abort"),
        ("rebase-apply/applying", "git am", "git am --continue or --abort"),
        ("rebase-apply", "rebase", "git rebase --continue or --abort"),
        ("CHERRY_PICK_HEAD", "cherry-pick", "git cherry-pick --continue or --abort"),
        ("REVERT_HEAD", "revert", "git revert --continue or --abort"),
        ("BISECT_LOG", "bisect", "git bisect reset"),
    ];

    /// <summary>Ends every command that is run through this object.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Runs commands at the root, which is the work tree whatever the setting <c>core.worktree</c> has become.</summary>
    public GitCall Git => new(Root, new Dictionary<string, string> { [WorkTreeVariable] = Root }, Cancellation);

    /// <summary>Runs commands in another work tree, such as a submodule's.</summary>
    public GitCall In(string folder) => new(folder, null, Cancellation);

    /// <summary>Finds the working tree that a folder is in.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellation">Ends the search, and every command that is run through the result.</param>
    /// <exception cref="ClaudeTaskException">There is no such folder, it is in no working tree, or git refuses it.</exception>
    public static async Task<GitRepository> FindAsync(string folder, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(folder))
        {
            var what = File.Exists(folder) ? "is a file, not a folder" : "does not exist";
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.RepositoryNotFound,
                $"The repository '{folder}' {what}.",
                folder,
                "Name a folder in a Git working tree. If it was moved, move it back.");
        }

        var top = await GitProgram.TryRunAsync(
            folder, ["rev-parse", "--show-toplevel", "--absolute-git-dir"], cancellation: cancellation).ConfigureAwait(false);
        if (top.ExitCode != 0)
        {
            throw NotARepository(folder, top.Error);
        }

        // A path may have a line break. Then each is asked for alone.
        var (rootText, gitFolderThere) = top.Text.Split('\n') is [var first, var second]
            ? (first, second)
            : (
                await AskAsync(folder, cancellation, "--show-toplevel").ConfigureAwait(false),
                await AskAsync(folder, cancellation, "--absolute-git-dir").ConfigureAwait(false));
        var root = Path.GetFullPath(rootText);
        if (!Directory.Exists(root))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.NotARepository,
                $"The work tree of '{folder}' is '{root}', which does not exist.",
                folder,
                "Look at its setting core.worktree.");
        }

        // Asked from the root: git names the common folder from where it runs, which may be behind a link, or inside a git folder.
        var places = (await AskAsync(root, cancellation, "--show-object-format", "--absolute-git-dir", "--git-common-dir")
            .ConfigureAwait(false)).Split('\n');
        var (gitFolder, common) = places is [_, var one, var other]
            ? (one, other)
            : (
                await AskAsync(root, cancellation, "--absolute-git-dir").ConfigureAwait(false),
                await AskAsync(root, cancellation, "--git-common-dir").ConfigureAwait(false));
        if (gitFolderThere != gitFolder)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.NotARepository,
                $"The work tree of '{folder}' is '{root}', which belongs to another repository.",
                folder,
                "Look at its setting core.worktree.");
        }

        var commonFolder = Path.GetFullPath(common, root);
        var target = new DirectoryInfo(commonFolder).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        var noId = new string('0', places[0] == "sha256" ? 64 : 40);
        return new GitRepository(root, target ?? commonFolder, Path.GetFullPath(gitFolder), noId) { Cancellation = cancellation };
    }

    /// <summary>Finds the repository whose work tree was at a root when a task began.</summary>
    /// <param name="root">The root.</param>
    /// <param name="cancellation">Ends the search, and every command that is run through the result.</param>
    /// <exception cref="ClaudeTaskException">It is not found, or a setting has led its work tree to another folder since.</exception>
    public static async Task<GitRepository> FindAtAsync(string root, CancellationToken cancellation = default)
    {
        var found = await FindAsync(root, cancellation).ConfigureAwait(false);
        return found.Root == root || found.Root == RealPath.Resolve(root)
            ? found
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.NotARepository,
                $"The work tree of '{root}' is '{found.Root}' now. Nothing was changed.",
                root,
                "Look at its setting core.worktree.");
    }

    /// <summary>
    /// Said to git before a command that names files: a setting that came from another machine must not make two names one. What git finds
    /// by another case here is the same file.
    /// </summary>
    public string[] CaseSetting => Path.Exists(Path.Combine(GitFolder, "hEaD")) ? [] : ["-c", "core.ignoreCase=false"];

    /// <summary>What is checked out and what is not committed, by one <c>git status</c>.</summary>
    /// <param name="settings">Settings for this command.</param>
    public async Task<GitStatus> ReadStatusAsync(params string[] settings)
    {
        var result = await Git.RunAsync(
            [.. CaseSetting, .. settings, "status", "--porcelain=v2", "--branch", "--no-renames", "-z", "--untracked-files=all"])
            .ConfigureAwait(false);
        return GitStatus.Parse(result.Output);
    }

    /// <summary>The operation git is in the middle of here, with how to end it; null when there is none.</summary>
    public (string Name, string Fix)? FindOperation()
    {
        foreach (var (marker, name, fix) in Operations)
        {
            if (Path.Exists(Path.Combine(GitFolder, marker)))
            {
                return (name, fix);
            }
        }

        return FindSequence();
    }

    /// <summary>
    /// Finds a cherry-pick or revert of several commits that stands between two of them. Git's list of the remaining commits is its only
    /// trace.
    /// </summary>
    private (string Name, string Fix)? FindSequence()
    {
        var list = Path.Combine(GitFolder, "sequencer", "todo");
        if (!File.Exists(list))
        {
            return null;
        }

        var name = File.ReadLines(list).FirstOrDefault()?.StartsWith("revert", StringComparison.Ordinal) == true
            ? "revert"
            : "cherry-pick";
        return (name, $"git {name} --continue or --abort");
    }

    /// <summary>Returns the files that git tracks, as paths from the root; none where git cannot say.</summary>
    public async Task<string[]> ReadTrackedAsync() =>
        await Git.TryRunAsync(["ls-files", "-z"]).ConfigureAwait(false) is { ExitCode: 0 } files
            ? files.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : [];

    /// <summary>The commit that is checked out; null before the first.</summary>
    public Task<string?> ReadHeadAsync() => FindCommitAsync("HEAD");

    /// <summary>The commit that a name stands for; null when there is none.</summary>
    public async Task<string?> FindCommitAsync(string name) =>
        await Git.TryRunAsync(["rev-parse", "--verify", "--quiet", name + "^{commit}"]).ConfigureAwait(false) is { ExitCode: 0 } result
            ? result.Text
            : null;

    /// <summary>The short names of the branches that begin with a name: of a, a-b and a/b for a.</summary>
    /// <param name="name">How the short names begin.</param>
    public async Task<HashSet<string>> ReadBranchesAsync(string name) =>
    [
        .. (await Git.RunAsync(["for-each-ref", "--format=%(refname:lstrip=2)", $"refs/heads/{name}*", $"refs/heads/{name}/"])
            .ConfigureAwait(false)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>The full name of the branch that is checked out; null when HEAD is detached.</summary>
    public async Task<string?> FindBranchAsync() =>
        await Git.TryRunAsync(["symbolic-ref", "--quiet", "HEAD"]).ConfigureAwait(false) is { ExitCode: 0 } result ? result.Text : null;

    /// <summary>The tree of a commit; the empty tree for none.</summary>
    public async Task<string> ReadTreeAsync(string? commit)
    {
        if (commit is null)
        {
            // hash-object without -w only computes; in a repository of another hash the empty tree has another name.
            return (await Git.RunAsync(["hash-object", "-t", "tree", "--stdin"]).ConfigureAwait(false)).Text;
        }

        if (Trees.TryGetValue(commit, out var known))
        {
            return known;
        }

        var tree = (await Git.RunAsync(["rev-parse", "--verify", commit + "^{tree}"]).ConfigureAwait(false)).Text;
        if (commit.Length == tree.Length && commit.All(char.IsAsciiHexDigit))
        {
            if (Trees.Count >= MostTrees)
            {
                Trees.Clear();
            }

            Trees[commit] = tree;
        }

        return tree;
    }

    private static async Task<string> AskAsync(string root, CancellationToken cancellation, params string[] places) =>
        (await GitProgram.RunAsync(root, ["rev-parse", .. places], cancellation: cancellation).ConfigureAwait(false)).Text;

    private static ClaudeTaskException NotARepository(string folder, string error)
    {
        if (error.Contains("dubious ownership", StringComparison.Ordinal))
        {
            return new ClaudeTaskException(
                ClaudeTaskErrorId.NotARepository,
                $"git refuses '{folder}' because it belongs to another user.",
                folder,
                "If you trust it, run: git config --global --add safe.directory <its path>");
        }

        if (error.Contains("must be run in a work tree", StringComparison.Ordinal) && Directory.Exists(Path.Combine(folder, ".git")))
        {
            return new ClaudeTaskException(
                ClaudeTaskErrorId.NotARepository,
                $"A setting says that '{folder}' has no work tree.",
                folder,
                $"If it has one: {CommandLine.Of(["git", "-C", folder, "config", "core.bare", "false"])}");
        }

        return error.Contains("must be run in a work tree", StringComparison.Ordinal)
            || error.Contains("cannot use bare repository", StringComparison.Ordinal)
            ? new ClaudeTaskException(
                ClaudeTaskErrorId.NotARepository,
                $"'{folder}' is a bare repository or a .git folder: there are no files for Claude to work on.",
                folder,
                "Name a work tree, such as a clone of it.")
            : new ClaudeTaskException(
                ClaudeTaskErrorId.NotARepository,
                $"'{folder}' is not in a git repository ({error}).",
                folder,
                "Name a folder in a git work tree, or make one: git init");
    }
}
