using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Runs gates again on tasks that wait for a decision.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ClaudeTaskGate", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskGateResult))]
public sealed class InvokeClaudeTaskGateCommand : TaskCmdlet
{
    /// <summary>Run these gates. By default, all gates of the repository run.</summary>
    [Parameter(Position = 1)]
    [Alias("Gate")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Run them inside this PowerShell session. They end with it.</summary>
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
