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
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Run them inside this PowerShell session. They end with it.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Name)))
        {
            Array.ForEach(OrEmpty(Name), name => Require("gate", name));
        }

        if (!ShouldProcess($"Task {id}", Name is null ? "Run all gates" : $"Run gates {string.Join(", ", Name)}"))
        {
            return;
        }

        var before = Engine.Gates.GetResults(id).Count;
        Run(stop => Engine.Gates.RequestAsync(id, Name, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host, stop));
        WriteVerbose($"A worker runs the gates of task {id}.");
        Run(stop => Engine.Events.WaitUntilAsync([id], task => task.IsSettled && !task.HasGatesToRun, stop));
        var results = Engine.Gates.GetResults(id).Skip(before).ToList();
        if (results.Count == 0
            && Engine.Events.ReadNewest(Engine.Tasks.Get(id), 1, [ClaudeTaskEventKind.Error, ClaudeTaskEventKind.Warning]) is [var problem])
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"No gate of task {id} ran. {problem.Text}",
                id,
                $"Receive-ClaudeTask {id} shows its history.");
        }

        WriteObject(results, enumerateCollection: true);
    }
}
