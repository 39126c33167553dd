using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists the registered gates, or those that would run in a repository.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskGate")]
[OutputType(typeof(ClaudeTaskGate))]
public sealed class GetClaudeTaskGateCommand : EngineCmdlet
{
    /// <summary>Use only gates with a matching name.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(PatternOf<GateCompleter>))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Return only the gates of the repository that contains this folder, including those for all repositories.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Repository, () =>
    {
        Array.ForEach(OrEmpty(Name), name => Require("gate", name));
        var patterns = Array.ConvertAll(Name, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        var repository = Repository is null ? null : ResolvePath(Repository);
        WriteObject(
            Run(stop => Engine.Gates.GetAsync(repository, stop)).Where(gate => patterns.Any(pattern => pattern.IsMatch(gate.Name))),
            enumerateCollection: true);
    });
}
