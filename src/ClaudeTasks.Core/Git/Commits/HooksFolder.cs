namespace ClaudeTasks.Git;

/// <summary>Where the user's hooks are.</summary>
/// <param name="Path">The folder, which may not exist.</param>
/// <param name="IsElsewhere">
/// Whether Git would look for them in another place. A setting can name a folder relative to a working tree, and Git can ignore that
/// folder, as husky's: a task's own worktree has none, and the hooks of the user's working tree run.
/// </param>
internal sealed record HooksFolder(string Path, bool IsElsewhere)
{
    /// <summary>Finds the hooks that run when the user commits.</summary>
    /// <param name="repository">The working tree whose HEAD gets the commit.</param>
    /// <param name="home">The user's working tree.</param>
    public static async Task<HooksFolder> FindAsync(GitRepository repository, GitRepository home)
    {
        // The last value is our own, by which none of our own calls runs a hook.
        var values = await home.Git.TryRunAsync(["config", "--type=path", "--null", "--get-all", "core.hooksPath"]).ConfigureAwait(false);
        if (values.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries) is not [.., var named, _])
        {
            return new HooksFolder(System.IO.Path.Combine(home.CommonFolder, "hooks"), IsElsewhere: false);
        }

        var (here, there) = (System.IO.Path.Combine(repository.Root, named), System.IO.Path.Combine(home.Root, named));
        return !Directory.Exists(here) && Directory.Exists(there) ? new HooksFolder(there, true) : new HooksFolder(here, false);
    }

    /// <summary>Whether there is a hook of this name.</summary>
    public bool Has(string hook) => File.Exists(System.IO.Path.Combine(Path, hook));
}
