using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;
using ClaudeTasks.Views;

namespace ClaudeTasks.Commands;

/// <summary>Stops tasks and everything they started.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class StopClaudeTaskCommand : TaskCmdlet
{
    private readonly List<int> _stopping = [];

    /// <summary>Return the stopped tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Tasks.Get(id);
        if (!ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Stop"))
        {
            return;
        }

        if (!Run(stop => Engine.Tasks.RequestStopAsync(id, stop)))
        {
            WriteVerbose($"Task {id} had ended already ({task.Status}).");
            if (task.IsBeingRecovered)
            {
                WriteWarning($"Task {id} cannot be stopped, because its decision is not complete: {task.ReasonText}");
            }
        }

        if (StopView.LeftFiles(task) is { } warning)
        {
            WriteWarning(warning);
        }

        _stopping.Add(id);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () =>
    {
        // All were asked first, so that ten stubborn agents take no longer than one.
        WriteVerbose($"Waiting for {_stopping.Count} task(s) to stop.");
        Run(stop => Engine.Events.WaitUntilAsync(_stopping, task => task.IsSettled, stop));
        foreach (var id in PassThru ? _stopping : [])
        {
            WriteObject(Engine.Tasks.Get(id));
        }
    });
}
