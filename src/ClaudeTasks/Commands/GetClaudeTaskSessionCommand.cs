using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists sessions with the sums over their tasks.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskSession")]
[OutputType(typeof(ClaudeTaskSession))]
public sealed class GetClaudeTaskSessionCommand : EngineCmdlet
{
    /// <summary>Return only sessions with a matching name. A name that two repositories have returns two sessions.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(PatternOf<SessionCompleter>))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Return only sessions of the repository that contains this folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Try(null, Engine.Recover);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in OrEmpty(Name))
        {
            Try(name, () =>
            {
                Require("session", name);
                var repository = Repository is null ? null : ResolvePath(Repository);
                WriteObject(Run(stop => SessionSearch.FindAsync(Engine, name, repository, stop)), enumerateCollection: true);
            });
        }
    }
}
