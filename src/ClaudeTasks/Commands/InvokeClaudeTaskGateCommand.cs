using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Runs gates once more on tasks that wait for a decision.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ClaudeTaskGate", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskGateResult))]
public sealed class InvokeClaudeTaskGateCommand : TaskCmdlet
{
    /// <summary>The gates, by name. Without it all of the repository.</summary>
    [Parameter(Position = 1)]
    [Alias("Gate")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Runs them inside this PowerShell session, with which they end.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        if (!ShouldProcess($"Task {id}", Name is null ? "Run all gates" : $"Run gates {string.Join(", ", Name)}"))
        {
            return;
        }

        var before = Engine.GetGateResults(id).Count;
        Engine.RequestGates(id, Name, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host);
        Engine.WaitUntil([id], tasks => tasks.All(task => task.IsSettled && !task.HasGatesToRun), PipelineStop);
        WriteObject(Engine.GetGateResults(id).Skip(before), enumerateCollection: true);
    }
}
