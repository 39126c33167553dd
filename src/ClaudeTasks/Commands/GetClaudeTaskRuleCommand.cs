using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists the standing answers to Claude's permission requests.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskRule")]
[OutputType(typeof(ClaudeTaskRule))]
public sealed class GetClaudeTaskRuleCommand : EngineCmdlet
{
    /// <summary>Return only the rules of the repository that contains this folder.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Repository, () =>
    {
        var repository = Repository is null ? null : ResolvePath(Repository);
        WriteObject(Run(stop => Engine.Questions.GetRulesAsync(repository, stop)), enumerateCollection: true);
    });
}
