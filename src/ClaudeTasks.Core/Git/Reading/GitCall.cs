using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>Where a series of git commands runs, and the token that ends them.</summary>
/// <param name="Folder">The working folder.</param>
/// <param name="Environment">Additions to the environment; null for none.</param>
/// <param name="Cancellation">Ends a command.</param>
internal sealed record GitCall(string Folder, IReadOnlyDictionary<string, string>? Environment, CancellationToken Cancellation)
{
    /// <summary>The settings of a partial clone, and the one that names a program.</summary>
    private const string Setting = @"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter|uploadpack))$";

    /// <summary>Whether only the user can open the files that git makes, whatever the umask is.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Runs git and returns its answer, whatever its exit code.</summary>
    /// <exception cref="Model.ClaudeTaskException">git cannot be started, or took too long.</exception>
    public Task<ProgramResult> TryRunAsync(IEnumerable<string> arguments, byte[]? input = null) =>
        GitProgram.TryRunAsync(Folder, arguments, Environment, input, IsPrivate, Cancellation);

    /// <summary>Runs git and returns its answer.</summary>
    /// <exception cref="Model.ClaudeTaskException">git cannot be started, took too long, or its exit code is not 0.</exception>
    public Task<ProgramResult> RunAsync(IReadOnlyList<string> arguments, byte[]? input = null) =>
        GitProgram.RunAsync(Folder, arguments, Environment, input, IsPrivate, Cancellation);

    /// <summary>
    /// Returns the same call for a command that may need content which a partial clone lacks: it fetches by git's usual protocols. Where a
    /// setting names the program of a remote's other side, nothing is fetched, as git would run it.
    /// </summary>
    public async Task<GitCall> FetchingAsync()
    {
        var settings = await TryRunAsync(["config", "--null", "--name-only", "--get-regexp", Setting]).ConfigureAwait(false);
        var names = settings.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return settings.ExitCode != 0 || names.Any(name => name.EndsWith(".uploadpack", StringComparison.OrdinalIgnoreCase))
            ? this
            : With("GIT_NO_LAZY_FETCH", "0").With("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh");
    }

    /// <summary>Returns the same call with one more variable in the environment.</summary>
    public GitCall With(string variable, string value) =>
        this with { Environment = new Dictionary<string, string>(Environment ?? new Dictionary<string, string>()) { [variable] = value } };
}
