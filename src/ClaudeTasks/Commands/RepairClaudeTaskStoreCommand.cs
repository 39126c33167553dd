using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Saves what can be read of a damaged store and keeps the old file.</summary>
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
        if (ShouldProcess(TaskStore.FindPath(), "Save what can be read into a good file, which takes its place; keep the old one"))
        {
            WriteObject(Run(stop => TaskStore.RepairAsync(Engines.Close, stop)));
        }
    });
}
