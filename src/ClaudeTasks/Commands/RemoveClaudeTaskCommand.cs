using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>Removes tasks and all that is recorded of them. The files in their repositories stay as they are.</summary>
[Cmdlet(VerbsCommon.Remove, "ClaudeTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Stops a task that is at work first, and deletes its own work tree even with changes that somebody made there since.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Get(id);
        if (!ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", task.Worktree is null ? "Remove with its record, output and diff" : "Remove with its record, output, diff and work tree"))
        {
            return;
        }

        if (Force && !task.IsSettled)
        {
            Engine.RequestStop(id);
            Engine.WaitUntil([id], tasks => tasks.All(item => item.IsSettled), PipelineStop);
        }

        Engine.Remove(id, Force);
    }
}
