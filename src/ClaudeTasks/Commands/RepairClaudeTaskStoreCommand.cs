using System.Management.Automation;
using ClaudeTasks.Execution;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>
/// Saves all that can be read of the store into a good file, keeps the old one beside it under a dated name, and tells what was saved and
/// what was lost. Refuses while tasks are at work or another process has the store open.
/// </summary>
[Cmdlet(VerbsDiagnostic.Repair, "ClaudeTaskStore", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ClaudeTaskStoreRepair))]
public sealed class RepairClaudeTaskStoreCommand : EngineCmdlet
{
    /// <summary>The store is not opened as one that is used: it may be broken.</summary>
    protected override void BeginProcessing()
    {
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () =>
    {
        if (ShouldProcess(ClaudeTaskEngine.FindStorePath(), "Save what can be read into a good file, which takes its place; keep the old one"))
        {
            WriteObject(ClaudeTaskEngine.RepairStore(Engines.Close));
        }
    });
}
