using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Checks the store, and returns one object per check.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ClaudeTaskStore")]
[OutputType(typeof(PrerequisiteCheck))]
public sealed class TestClaudeTaskStoreCommand : EngineCmdlet
{
    /// <summary>The store is not opened as one that is used: it may be broken.</summary>
    protected override void BeginProcessing()
    {
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () => WriteObject(Run(TaskStore.CheckAsync), enumerateCollection: true));
}
