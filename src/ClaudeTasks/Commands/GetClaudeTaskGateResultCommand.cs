using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Shows the results of a task's gates.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskGateResult")]
[OutputType(typeof(ClaudeTaskGateResult))]
public sealed class GetClaudeTaskGateResultCommand : TaskCmdlet
{
    /// <summary>Use only gates with a matching name.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PatternOf<GateCompleter>))]
    public string Name { get; set; } = "*";

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var pattern = WildcardPattern.Get(Name, WildcardOptions.IgnoreCase);
        WriteObject(Engine.Gates.GetResults(id).Where(result => pattern.IsMatch(result.Name)), enumerateCollection: true);
    }
}
