using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>
/// Pauses tasks: a queued one waits, of one at work the agent ends, while its files, its conversation and its open question stay, and its
/// repository stays its own. Returns when they pause; Resume-ClaudeTask goes on, also after a reboot.
/// </summary>
[Cmdlet(VerbsLifecycle.Suspend, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class SuspendClaudeTaskCommand : TaskCmdlet
{
    private readonly List<int> _pausing = [];

    /// <summary>Writes the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Get(id);
        if (ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Suspend"))
        {
            Engine.Suspend(id);
            _pausing.Add(id);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () =>
    {
        Engine.WaitUntil(_pausing, tasks => tasks.All(task => task.IsSettled), PipelineStop);
        foreach (var id in PassThru ? _pausing : [])
        {
            WriteObject(Engine.Get(id));
        }
    });
}
