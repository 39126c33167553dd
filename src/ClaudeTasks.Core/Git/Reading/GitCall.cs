namespace ClaudeTasks.Git;

/// <summary>Where a series of git commands runs.</summary>
/// <param name="Folder">The working folder.</param>
/// <param name="Environment">Additions to the environment.</param>
/// <param name="Cancellation">Ends a command.</param>
internal sealed record GitCall(string Folder, IReadOnlyDictionary<string, string> Environment, CancellationToken Cancellation)
{
    /// <exception cref="Model.ClaudeTaskException">git cannot be started, or its exit code is not 0.</exception>
    public Task<GitProgram.Result> RunAsync(IReadOnlyList<string> arguments, byte[]? input = null) =>
        GitProgram.RunAsync(Folder, arguments, Environment, input, Cancellation);

    public GitCall With(string variable, string value) => this with { Environment = new Dictionary<string, string>(Environment) { [variable] = value } };
}
