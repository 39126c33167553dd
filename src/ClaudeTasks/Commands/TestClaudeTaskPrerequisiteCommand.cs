using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Engine;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Checks the prerequisites of a task without spending anything.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ClaudeTaskPrerequisite")]
[OutputType(typeof(PrerequisiteCheck))]
public sealed class TestClaudeTaskPrerequisiteCommand : EngineCmdlet
{
    /// <summary>Check the repository that contains this folder. By default, only Git, Claude Code and the store are checked.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>Check this Claude Code program. By default, the one that a task would use.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClaudePath { get; set; }

    /// <summary>An unusable store is a result here, not an error.</summary>
    protected override void BeginProcessing()
    {
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteObject(CheckStore());
        try
        {
            var folder = Repository is null ? null : ResolvePath(Repository);
            var program = ClaudePath is null ? null : ResolveProgram(ClaudePath);
            WriteObject(Run(stop => Prerequisites.CheckAsync(folder, program, stop)), enumerateCollection: true);
        }
        catch (ClaudeTaskException e)
        {
            WriteError(ErrorRecords.From(e));
        }
    }

    private PrerequisiteCheck CheckStore()
    {
        try
        {
            var path = TaskStore.FindPath();
            Run(_ => Task.FromResult(Engines.Current));
            return new PrerequisiteCheck("Store", true, path);
        }
        catch (ClaudeTaskException e)
        {
            return new PrerequisiteCheck("Store", false, e.Message, e.RecommendedAction);
        }
    }
}
