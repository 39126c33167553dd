using ClaudeTasks.Git;

namespace ClaudeTasks.Review;

/// <summary>What a task changed of its repository's setup, as far as nobody has changed it since.</summary>
/// <param name="objectsFolder">The task's own folder, where the setups before and after it are kept.</param>
internal sealed class TaskSetup(string objectsFolder)
{
    private string BeforeFile => Path.Combine(objectsFolder, "setup.before");

    private string AfterFile => Path.Combine(objectsFolder, "setup.after");

    /// <summary>Notes the setup before the agent runs.</summary>
    public async Task BeginAsync(GitRepository repository, bool isOwn) =>
        (await RepositorySetup.ReadAsync(repository, isOwn).ConfigureAwait(false)).Save(BeforeFile);

    /// <summary>Notes the setup after the agent ran.</summary>
    /// <returns>What is not as it was before, where that was not returned by an earlier call.</returns>
    public async Task<List<SetupChange>> EndAsync(GitRepository repository, bool isOwn)
    {
        if (RepositorySetup.Load(BeforeFile) is not { } before)
        {
            return [];
        }

        var told = RepositorySetup.Load(AfterFile) is { } last ? before.ChangesTo(last) : [];
        var after = await RepositorySetup.ReadAsync(repository, isOwn).ConfigureAwait(false);
        after.Save(AfterFile);
        return [.. before.ChangesTo(after).Except(told)];
    }

    /// <summary>What is still as the task left it, and not as it was before.</summary>
    public async Task<List<SetupChange>> FindAsync(GitRepository repository, bool isOwn)
    {
        if (RepositorySetup.Load(BeforeFile) is not { } before
            || RepositorySetup.Load(AfterFile) is not { } after
            || before.ChangesTo(after) is not { Count: > 0 } changes)
        {
            return [];
        }

        var now = await RepositorySetup.ReadAsync(repository, isOwn).ConfigureAwait(false);
        return [.. before.ChangesTo(now).Intersect(changes)];
    }

    /// <summary>
    /// Puts back what decides a commit. Everything else may be the user's, who worked at the same time, and so may all of it where the task
    /// had a worktree of its own.
    /// </summary>
    /// <returns>What was put back, and what was not.</returns>
    public async Task<(List<SetupChange> Done, List<SetupChange> Left)> PutBackAsync(GitRepository repository, bool isOwn, int task)
    {
        var (done, left) = (new List<SetupChange>(), new List<SetupChange>());
        foreach (var change in await FindAsync(repository, isOwn).ConfigureAwait(false))
        {
            var isPutBack = !isOwn
                && (change.Decides || change.Kind == SetupKind.Operation)
                && await TryPutBackAsync(repository, change, task).ConfigureAwait(false);
            (isPutBack ? done : left).Add(change);
        }

        return (done, left);
    }

    private static async Task<bool> TryPutBackAsync(GitRepository repository, SetupChange change, int task)
    {
        switch (change)
        {
            case { Kind: SetupKind.Setting, Before: null }:
                return await RunAsync("config", "--local", "--unset-all", change.Name).ConfigureAwait(false);
            case { Kind: SetupKind.Setting, Before: { } value } when RepositorySetup.IsShown(change.Name) && !value.Contains('\n'):
                return await RunAsync("config", "--local", "--replace-all", change.Name, value).ConfigureAwait(false);
            case { Kind: SetupKind.File, Before: null }:
                // What the task put there is kept, where git does not find it.
                var file = Path.Combine(repository.CommonFolder, change.Name);
                return TryMove(file, $"{file}.task-{task}");
            case { Kind: SetupKind.Operation, Before: null, After: "merge" } when await HasNoConflictAsync().ConfigureAwait(false):
                // The files are back; a commit would otherwise claim the other branch's work without having it.
                return await RunAsync("merge", "--quit").ConfigureAwait(false);
            case { Kind: SetupKind.Branch, Before: { } branch }
                when await repository.FindCommitAsync("refs/heads/" + branch).ConfigureAwait(false) is { } commit
                    && commit == await repository.ReadHeadAsync().ConfigureAwait(false):
                return await RunAsync("symbolic-ref", "HEAD", "refs/heads/" + branch).ConfigureAwait(false);
            default:
                return false;
        }

        async Task<bool> RunAsync(params string[] arguments) =>
            (await repository.Git.TryRunAsync(arguments).ConfigureAwait(false)).ExitCode == 0;
        async Task<bool> HasNoConflictAsync() =>
            await repository.Git.TryRunAsync(["ls-files", "--unmerged"]).ConfigureAwait(false) is { ExitCode: 0, Output.Length: 0 };
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
