using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>A task's own work tree and branch: made from a commit, taken away without a trace.</summary>
/// <param name="home">The work tree the user named; both share a repository.</param>
/// <param name="folder">Where the task's work tree is.</param>
/// <param name="branch">The short name of its branch.</param>
internal sealed class TaskWorktree(GitRepository home, string folder, string branch)
{
    /// <summary>The full name of the branch.</summary>
    public string Reference => "refs/heads/" + branch;

    /// <summary>Whether the work tree is there. A link in its place, or in the place of a folder above it, is none.</summary>
    public bool Exists => File.Exists(Path.Combine(folder, ".git")) && !LeadsElsewhere;

    private bool LeadsElsewhere => RealPath.Resolve(folder) != folder;

    /// <summary>
    /// Makes the work tree; its branch as well where there is none. In a folder that only the user can open, such as the store's, only
    /// the user can open its files (0700 and 0600), too. Elsewhere, the umask decides.
    /// </summary>
    /// <exception cref="ClaudeTaskException">git could not make it, such as when something is in its place.</exception>
    public async Task<GitRepository> MakeAsync(string commit)
    {
        var parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);

        // What is left of one that was deleted by hand would be in the way.
        await ForgetAsync().ConfigureAwait(false);
        var isNew = await home.FindCommitAsync(Reference).ConfigureAwait(false) is null;
        string[] what = isNew ? ["-b", branch, folder, commit] : [folder, branch];
        var git = await home.Git.FetchingAsync().ConfigureAwait(false);
        try
        {
            if (PrivateFiles.IsPrivate(parent))
            {
                await AddPrivateAsync(git, what).ConfigureAwait(false);
            }
            else
            {
                await git.RunAsync(["worktree", "add", "--quiet", .. what]).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (isNew)
        {
            // Git deletes the folder that it has begun, but not the branch.
            await RemoveBranchAsync(commit).ConfigureAwait(false);
            throw;
        }

        return await GitRepository.FindAsync(folder, home.Cancellation).ConfigureAwait(false);
    }

    /// <summary>Deletes the work tree with all that is in it; links in it are not followed. The branch stays.</summary>
    /// <exception cref="ClaudeTaskException">
    /// Something in it cannot be deleted, or a link has taken its place: what the link leads to is not the task's.
    /// </exception>
    public async Task RemoveAsync()
    {
        if (LeadsElsewhere)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"The worktree '{folder}' was not deleted, because a link in its path leads to '{RealPath.Resolve(folder)}' now.",
                folder,
                "Look at what is there, then delete the link.");
        }

        await FolderRemoval.RemoveAsync(folder).ConfigureAwait(false);
        await home.Git.TryRunAsync(["worktree", "remove", "--force", "--force", folder]).ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes the branch, if it is where it is thought to be, but no other branch to which it leads. A cancellation does not stop it.
    /// </summary>
    public async Task RemoveBranchAsync(string commit) =>
        await (home.Git with { Cancellation = default }).TryRunAsync(["update-ref", "--no-deref", "-d", Reference, commit])
            .ConfigureAwait(false);

    /// <summary>Whether a work tree was made so that only the user can open its files: a linked one whose folder has mode 0700.</summary>
    /// <param name="root">The root of the work tree.</param>
    public static bool IsPrivate(string root) => File.Exists(Path.Combine(root, ".git")) && PrivateFiles.IsPrivate(root);

    /// <summary>The work tree in which a branch is checked out; null when it is in none.</summary>
    /// <param name="home">Any work tree of the repository.</param>
    /// <param name="reference">The branch's full name.</param>
    public static async Task<GitRepository?> FindCheckoutAsync(GitRepository home, string reference)
    {
        var list = await home.Git.RunAsync(["worktree", "list", "--porcelain", "-z"]).ConfigureAwait(false);
        var found = list.Text.Split("\0\0")
            .Select(block => block.Split('\0'))
            .FirstOrDefault(lines => lines.Contains("branch " + reference));
        return found is not null && Directory.Exists(found[0]["worktree ".Length..])
            ? await GitRepository.FindAsync(found[0]["worktree ".Length..], home.Cancellation).ConfigureAwait(false)
            : null;
    }

    /// <summary>
    /// Makes the work tree without files first, because the branch and git's own note of the work tree belong to the repository, whose
    /// other users must be able to read them. Then it checks the files out, as <c>git worktree add</c> does.
    /// </summary>
    private async Task AddPrivateAsync(GitCall git, string[] what)
    {
        var isMade = !Path.Exists(folder);
        if (isMade)
        {
            PrivateFiles.CreateFolder(folder);
        }

        try
        {
            await git.RunAsync(["worktree", "add", "--quiet", "--no-checkout", .. what]).ConfigureAwait(false);
            PrivateFiles.Restrict(Path.Combine(folder, ".git"));
            await (git.With(GitRepository.WorkTreeVariable, folder) with { Folder = folder, IsPrivate = true })
                .RunAsync(["reset", "--hard", "--quiet", "--no-recurse-submodules"]).ConfigureAwait(false);
        }
        catch
        {
            if (Exists)
            {
                await new TaskWorktree(home with { Cancellation = default }, folder, branch).RemoveAsync().ConfigureAwait(false);
            }
            else if (isMade && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }
    }

    /// <summary>git keeps a note of a work tree whose folder is gone; of others than this one it is not ours to drop.</summary>
    private Task ForgetAsync() => Directory.Exists(folder)
        ? Task.CompletedTask
        : home.Git.TryRunAsync(["worktree", "remove", "--force", folder]);
}
