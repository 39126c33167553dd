using System.Globalization;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>Where a series of git commands runs, and the token that ends them.</summary>
/// <param name="Folder">The working folder.</param>
/// <param name="Environment">Additions to the environment; null for none.</param>
/// <param name="Cancellation">Ends a command.</param>
internal sealed record GitCall(string Folder, IReadOnlyDictionary<string, string>? Environment, CancellationToken Cancellation)
{
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
    /// Returns the same call for a command that may need content which a partial clone lacks. It fetches by git's usual protocols, and the
    /// other side of a local remote is git's own program, not the one that the repository names.
    /// </summary>
    public async Task<GitCall> FetchingAsync()
    {
        var promisors = await TryRunAsync(["config", "--null", "--name-only", "--get-regexp", @"^remote\..*\.promisor$"])
            .ConfigureAwait(false);
        var names = promisors.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (promisors.ExitCode != 0 || names.Length == 0)
        {
            return this;
        }

        _ = int.TryParse(System.Environment.GetEnvironmentVariable("GIT_CONFIG_COUNT"), CultureInfo.InvariantCulture, out var first);
        var call = With("GIT_NO_LAZY_FETCH", "0").With("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
            .With("GIT_CONFIG_COUNT", (first + names.Length).ToString(CultureInfo.InvariantCulture));
        foreach (var (name, number) in names.Select((name, index) => (name, first + index)))
        {
            call = call.With($"GIT_CONFIG_KEY_{number}", name[..^"promisor".Length] + "uploadpack")
                .With($"GIT_CONFIG_VALUE_{number}", "git-upload-pack");
        }

        return call;
    }

    /// <summary>Returns the same call with one more variable in the environment.</summary>
    public GitCall With(string variable, string value) =>
        this with { Environment = new Dictionary<string, string>(Environment ?? new Dictionary<string, string>()) { [variable] = value } };
}
