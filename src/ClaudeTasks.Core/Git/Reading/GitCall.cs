using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>Where a series of git commands runs, and the token that ends them.</summary>
/// <param name="Folder">The working folder.</param>
/// <param name="Environment">Additions to the environment; null for none.</param>
/// <param name="Cancellation">Ends a command.</param>
internal sealed record GitCall(string Folder, IReadOnlyDictionary<string, string>? Environment, CancellationToken Cancellation)
{
    /// <summary>Runs git and returns its answer, whatever its exit code.</summary>
    /// <exception cref="Model.ClaudeTaskException">git cannot be started, or took too long.</exception>
    public Task<ProgramResult> TryRunAsync(IEnumerable<string> arguments, byte[]? input = null) =>
        GitProgram.TryRunAsync(Folder, arguments, Environment, input, Cancellation);

    /// <summary>Runs git and returns its answer.</summary>
    /// <exception cref="Model.ClaudeTaskException">git cannot be started, took too long, or its exit code is not 0.</exception>
    public Task<ProgramResult> RunAsync(IReadOnlyList<string> arguments, byte[]? input = null) =>
        GitProgram.RunAsync(Folder, arguments, Environment, input, Cancellation);

    /// <summary>Returns the same call with one more variable in the environment.</summary>
    public GitCall With(string variable, string value) =>
        this with { Environment = new Dictionary<string, string>(Environment ?? new Dictionary<string, string>()) { [variable] = value } };
}
