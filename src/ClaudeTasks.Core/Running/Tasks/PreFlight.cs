using ClaudeTasks.Agent;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <summary>
/// The checks before anything is spent, in the order in which one needs the other. Each gives an answer; the first that does not pass
/// ends them. What they found is what the run goes on with.
/// </summary>
/// <param name="folder">A folder in the repository.</param>
/// <param name="claudePath">The agent's program, or null to look for it.</param>
/// <param name="cancellation">
/// Ends the checks with the programs that they run, and every command that is run through the repository.
/// </param>
/// <param name="allowsDirty">Whether uncommitted changes are no obstacle.</param>
/// <param name="isOwnTree">Whether the task gets a work tree of its own.</param>
internal sealed class PreFlight(
    string folder, string? claudePath, CancellationToken cancellation, bool allowsDirty = false, bool isOwnTree = false)
{
    private static readonly ProgramMemory<AgentProbe.Answer> Agents = new();

    public GitRepository? Repository { get; private set; }

    public GitStatus? Status { get; private set; }

    public string? Program { get; private set; }

    /// <summary>
    /// Runs the checks until one does not pass. Those that need nothing of each other run side by side, as each waits for a program, and a
    /// program whose file is the same as before is not asked for its version again. Login is checked by the first exchange with the agent,
    /// which comes later.
    /// </summary>
    public async IAsyncEnumerable<PrerequisiteCheck> RunAsync()
    {
        var (git, claude) = (CheckGitAsync(mayRemember: true), CheckClaudeAsync(mayRemember: true));
        var result = await git.ConfigureAwait(false);
        yield return result;
        if (!result.Passed)
        {
            yield break;
        }

        result = await CheckRepositoryAsync().ConfigureAwait(false);
        yield return result;
        if (!result.Passed)
        {
            yield break;
        }

        Task<PrerequisiteCheck>[] ofTree = isOwnTree ? [CheckCommitAsync()] : [Task.FromResult(CheckOperation()), CheckTreeAsync()];
        foreach (var check in ofTree.Append(claude))
        {
            result = await check.ConfigureAwait(false);
            yield return result;
            if (!result.Passed)
            {
                yield break;
            }
        }
    }

    public Task<PrerequisiteCheck> CheckGitAsync(bool mayRemember = false) => GuardAsync("Git", async () =>
    {
        var version = await (mayRemember ? GitProgram.RecallVersionAsync(cancellation) : GitProgram.FindVersionAsync(cancellation))
            .ConfigureAwait(false);
        return version >= GitProgram.Oldest
            ? new PrerequisiteCheck("Git", true, $"git {version}")
            : new PrerequisiteCheck(
                "Git",
                false,
                $"git {version?.ToString() ?? "of unknown version"} is too old.",
                $"Install git {GitProgram.Oldest} or newer.");
    });

    public Task<PrerequisiteCheck> CheckRepositoryAsync() => GuardAsync("Repository", async () =>
    {
        Repository = await GitRepository.FindAsync(folder, cancellation).ConfigureAwait(false);
        return new PrerequisiteCheck("Repository", true, Repository.Root);
    });

    public PrerequisiteCheck CheckOperation() => Repository!.FindOperation() is { } operation
        ? new PrerequisiteCheck(
            "NoOperation", false, $"A {operation.Name} is in progress in '{Repository.Root}'.", $"Finish it first: {operation.Fix}")
        : new PrerequisiteCheck("NoOperation", true, "No merge, rebase, cherry-pick, revert or bisect in progress");

    /// <summary>A work tree of its own begins at a commit; what is uncommitted here does not matter to it.</summary>
    private Task<PrerequisiteCheck> CheckCommitAsync() => GuardAsync("Commit", async () =>
    {
        Status = await Repository!.ReadStatusAsync().ConfigureAwait(false);
        return Status.Commit is { } commit
            ? new PrerequisiteCheck("Commit", true, $"On {Status.Branch ?? commit[..10]}")
            : new PrerequisiteCheck(
                "Commit", false, $"'{Repository.Root}' has no commit yet, from which a work tree could be made.", "Make a first commit.");
    });

    public Task<PrerequisiteCheck> CheckTreeAsync() => GuardAsync("CleanTree", async () =>
    {
        Status = await Repository!.ReadStatusAsync().ConfigureAwait(false);
        if (Status.IsClean)
        {
            return new PrerequisiteCheck("CleanTree", true, $"Clean, on {Status.Branch ?? Status.Commit?[..10] ?? "no branch"}");
        }

        var files = NameList.Of(Status.Dirty);
        return allowsDirty
            ? new PrerequisiteCheck("CleanTree", true, $"Uncommitted before the task, and no part of what it changes: {files}")
            : new PrerequisiteCheck(
                "CleanTree",
                false,
                $"'{Repository.Root}' has uncommitted changes: {files}.",
                "Commit, stash or remove them. Or make them the base with -AllowDirty, or leave them alone with -Worktree.");
    });

    /// <summary>Nothing of it speaks against a task; whoever starts one should know.</summary>
    public Task<PrerequisiteCheck> CheckSettingsAsync() => GuardAsync("RepositorySettings", async () =>
    {
        var tracked = await Repository!.ReadTrackedAsync().ConfigureAwait(false);
        return ProjectFiles.Find(Repository.Root, Path.GetDirectoryName(Repository.Root), tracked) is { Count: > 0 } found
            ? new PrerequisiteCheck(
                "RepositorySettings",
                true,
                $"Without asking, Claude Code uses what the repository and the folders above it define: {string.Join("; ", found)}.",
                "To ignore all of it: -Isolated")
            : new PrerequisiteCheck("RepositorySettings", true, "No hooks, MCP servers, settings or instructions for Claude Code");
    });

    public Task<PrerequisiteCheck> CheckClaudeAsync(bool mayRemember = false) => GuardAsync("ClaudeCode", async () =>
    {
        var program = Program = AgentLocator.Find(claudePath);
        var answer = mayRemember
            ? await Agents.GetAsync(
                program, () => AgentProbe.AskVersionAsync(program, cancellation), found => found.Problem is null).ConfigureAwait(false)
            : await AgentProbe.AskVersionAsync(program, cancellation).ConfigureAwait(false);
        return answer.Problem is { } problem
            ? new PrerequisiteCheck(
                "ClaudeCode",
                false,
                problem.TrimEnd('.') + ".",
                answer.Version is null ? AgentLocator.InstallHint : "Update it: claude update")
            : new PrerequisiteCheck("ClaudeCode", true, $"Claude Code {answer.Version} at {Program}");
    });

    /// <summary>Starts the agent for its first exchange alone, which tells who is logged in, and ends it.</summary>
    public Task<PrerequisiteCheck> CheckLoginAsync() => GuardAsync("Login", async () =>
    {
        using var session = AgentSession.Start(
            new AgentStart(
                Program!,
                new TaskSettings(ClaudeTaskSettings.Defaults),
                Repository?.Root ?? AppContext.BaseDirectory,
                Guid.NewGuid(),
                Guid.NewGuid()),
            _ => { });
        AgentAccount? account;
        try
        {
            account = await session.InitializeAsync(ClaudeTaskSettings.Defaults.StartTimeout!.Value, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await session.FinishAsync().ConfigureAwait(false);
        }

        return LoginResult(account, session.ErrorTail);
    });

    /// <summary>What the first exchange says about the login.</summary>
    public static PrerequisiteCheck LoginResult(AgentAccount? account, string errorTail) =>
        account is null
            ? new PrerequisiteCheck(
                "Login", false, $"Claude Code did not answer its first request.{(errorTail.Length == 0 ? "" : " It said: " + errorTail)}",
                "Run 'claude' by hand once and see what it says.")
            : account.IsLoggedIn
                ? new PrerequisiteCheck("Login", true, $"Logged in ({account.ApiKeySource ?? account.TokenSource ?? account.Provider})")
                : new PrerequisiteCheck("Login", false, "Claude Code is not logged in.", AgentAccount.LoginHint);

    private static async Task<PrerequisiteCheck> GuardAsync(string name, Func<Task<PrerequisiteCheck>> check)
    {
        try
        {
            return await check().ConfigureAwait(false);
        }
        catch (ClaudeTaskException e)
        {
            return new PrerequisiteCheck(name, false, e.Message, e.RecommendedAction);
        }
    }
}
