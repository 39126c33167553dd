using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>
/// Makes a commit of recorded content at some paths on top of HEAD, with the user's identity, hooks and signing, and takes one back. The
/// work tree and the user's index are not looked at.
/// </summary>
/// <param name="repository">The working tree whose branch gets the commit.</param>
/// <param name="snapshots">Where the recorded objects are.</param>
/// <param name="workspace">The operation's scratch folder.</param>
internal sealed class CommitMaker(GitRepository repository, SnapshotStore snapshots, Workspace workspace)
{
    public async Task<Dictionary<string, TreeEntry>> ReadEntriesAsync(string? commit) =>
        commit is null ? [] : await TreeReader.ReadTreeAsync(repository.Git, commit).ConfigureAwait(false);

    /// <summary>
    /// Commits the entries on top of <paramref name="head"/>; makes no commit where that holds them already.
    /// </summary>
    /// <param name="head">The commit that is checked out; null before the first one.</param>
    /// <param name="entries">What the commit changes.</param>
    /// <param name="message">Its message.</param>
    /// <param name="trailer">The line of the message by which the commit is found again.</param>
    /// <param name="hooks">The limits of the user's hooks.</param>
    /// <param name="isOwn">
    /// Whether the working tree is the task's own. Then its index holds what is committed while the hooks run, as in a plain commit.
    /// </param>
    /// <exception cref="ClaudeTaskException">A hook or git refused, a hook took too long, or HEAD moved meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled it, and git has ended with everything that it started.</exception>
    public async Task<MadeCommit> CommitAsync(
        string? head,
        IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries,
        string message,
        string trailer,
        HookLimits hooks,
        bool isOwn)
    {
        await CopyAsync(entries.Where(item => item.Entry.HasContent).Select(item => item.Entry.Id)).ConfigureAwait(false);
        var index = workspace.NewPath("index");
        var git = repository.Git.With("GIT_INDEX_FILE", index);
        await git.RunAsync(head is null ? ["read-tree", "--empty"] : ["read-tree", head]).ConfigureAwait(false);
        await git.RunAsync(["update-index", "-z", "--index-info"], TreeReader.ToIndexInfo(entries, repository.NoId)).ConfigureAwait(false);
        if (head is not null
            && await SnapshotStore.WriteTreeAsync(git).ConfigureAwait(false) == await repository.ReadTreeAsync(head).ConfigureAwait(false))
        {
            return new MadeCommit(head, head);
        }

        var commit = new UserCommit(repository, workspace, hooks);
        await (isOwn ? WithIndexAsync(index, () => commit.RunAsync(index, message)) : commit.RunAsync(index, message))
            .ConfigureAwait(false);
        return await FindMadeAsync(head, trailer).ConfigureAwait(false);
    }

    /// <summary>Finds the commit that git has just made, and what a hook made on top of it.</summary>
    private async Task<MadeCommit> FindMadeAsync(string? head, string trailer)
    {
        var tip = await repository.ReadHeadAsync().ConfigureAwait(false);
        if (tip is null || tip == head)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.CommitRefused,
                $"A hook in '{repository.Root}' took the commit back.",
                repository.Root,
                "Fix the hook, and approve again.");
        }

        var commit = await FindAsync("HEAD", head, trailer).ConfigureAwait(false) ?? await FindFirstAsync(head).ConfigureAwait(false);
        if (await ReadParentAsync(commit).ConfigureAwait(false) == head)
        {
            return new MadeCommit(commit, tip);
        }

        // Somebody committed while ours was made; it would take theirs back.
        if (tip == commit)
        {
            await TakeBackAsync(commit).ConfigureAwait(false);
        }

        throw new ClaudeTaskException(
            ClaudeTaskErrorId.TaskStateConflict,
            $"'{repository.Root}' got another commit at the same moment, and the task's was not made.",
            repository.Root,
            "Approve again.");
    }

    /// <summary>Runs a commit while the working tree's index is a copy of another.</summary>
    private async Task WithIndexAsync(string index, Func<Task> commit)
    {
        var (own, kept) = (Path.Combine(repository.GitFolder, "index"), workspace.NewPath("index"));
        if (File.Exists(own))
        {
            File.Copy(own, kept);
        }

        File.Copy(index, own, overwrite: true);
        try
        {
            await commit().ConfigureAwait(false);
        }
        finally
        {
            if (File.Exists(kept))
            {
                File.Copy(kept, own, overwrite: true);
            }
            else
            {
                File.Delete(own);
            }
        }
    }

    /// <summary>The first commit above a commit: a hook may have taken the trailer out of its message.</summary>
    private async Task<string> FindFirstAsync(string? head)
    {
        var commits = await repository.Git.RunAsync(
            ["rev-list", "--first-parent", "--reverse", head is null ? "HEAD" : $"{head}..HEAD"]).ConfigureAwait(false);
        return commits.Text.Split('\n')[0];
    }

    /// <summary>Moves the branch from the commit back to its parent. Index and files stay as they are.</summary>
    public async Task TakeBackAsync(string commit) =>
        await MoveAsync("HEAD", commit, await ReadParentAsync(commit).ConfigureAwait(false), "claude-task: taken back")
            .ConfigureAwait(false);

    /// <summary>Moves a branch, if it still is where it was seen; index and files stay as they are.</summary>
    /// <param name="branch">Its full name, or <c>HEAD</c>.</param>
    /// <param name="from">Where it is; null where there is none.</param>
    /// <param name="to">Where it goes; null deletes it.</param>
    /// <param name="why">For the reflog.</param>
    public Task MoveAsync(string branch, string? from, string? to, string why) =>
        repository.Git.RunAsync(to is null ? ["update-ref", "-d", branch, from!] : ["update-ref", "-m", why, branch, to, from ?? ""]);

    public async Task<string?> ReadParentAsync(string commit) =>
        await repository.Git.TryRunAsync(["rev-parse", "--verify", "--quiet", commit + "^"]).ConfigureAwait(false) is { ExitCode: 0 } result
            ? result.Text
            : null;

    public async Task<string> ReadMessageAsync(string commit) =>
        (await repository.Git.RunAsync(["log", "-1", "--format=%B", commit]).ConfigureAwait(false)).Text;

    /// <summary>
    /// Returns the oldest commit on a branch above <paramref name="head"/> whose message has the task's trailer as a line below the
    /// subject; null if there is none. A quotation of the trailer does not count.
    /// </summary>
    public async Task<string?> FindAsync(string branch, string? head, string trailer)
    {
        var range = head is null ? branch : $"{head}..{branch}";
        var result = await repository.Git.TryRunAsync(
            ["log", "-z", "--format=%H%n%b", "--fixed-strings", $"--grep={trailer}", range, "--"]).ConfigureAwait(false);
        return result.ExitCode != 0 ? null : result.Text.Split('\0')
            .Select(commit => commit.Split('\n'))
            .LastOrDefault(lines => lines.Skip(1).Any(line => line.TrimEnd() == trailer))?[0];
    }

    /// <summary>Whether a branch has the commit.</summary>
    public async Task<bool> IsOnAsync(string commit, string branch) =>
        await repository.Git.TryRunAsync(["merge-base", "--is-ancestor", commit, branch]).ConfigureAwait(false) is { ExitCode: 0 };

    /// <summary>Whether a branch of another repository, as it was last seen, has the commit.</summary>
    public async Task<bool> IsPushedAsync(string commit) =>
        (await repository.Git.RunAsync(["for-each-ref", "--count=1", $"--contains={commit}", "refs/remotes"]).ConfigureAwait(false))
            .Output.Length > 0;

    /// <summary>Keeps a tree and all that is in it under <c>refs/claude-tasks</c>, so that it outlives the task's own folder.</summary>
    public async Task KeepAsync(string tree, string? parent, string reference)
    {
        await CopyAsync(await TreeReader.ReadObjectsAsync(snapshots.Git, tree).ConfigureAwait(false)).ConfigureAwait(false);
        var kept = await MakeOwnAsync(repository.Git, tree, parent).ConfigureAwait(false);
        await repository.Git.RunAsync(["update-ref", "--no-deref", reference, kept]).ConfigureAwait(false);
    }

    /// <summary>A commit in our own name, for no branch of the user's; kept apart from the repository.</summary>
    public Task<string> MakeOwnAsync(string tree, string? parent) => MakeOwnAsync(snapshots.Git, tree, parent);

    private static async Task<string> MakeOwnAsync(GitCall git, string tree, string? parent)
    {
        string[] identity = ["-c", "user.name=ClaudeTasks", "-c", "user.email=claude-tasks@localhost", "-c", "commit.gpgSign=false"];
        string[] parents = parent is null ? [] : ["-p", parent];
        return (await git.RunAsync(
            [.. identity, "commit-tree", tree, .. parents, "-m", "Result of a Claude task"]).ConfigureAwait(false)).Text;
    }

    private Task CopyAsync(IEnumerable<string> ids) => ObjectCopy.CopyAsync(snapshots, repository.Git, ids);
}
