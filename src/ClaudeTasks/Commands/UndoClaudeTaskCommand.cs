using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Undoes the last decision on a task.</summary>
[Cmdlet(VerbsCommon.Undo, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class UndoClaudeTaskCommand : TaskCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Tasks.Get(id);
        if (ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Undo the last decision"))
        {
            WriteVerbose($"Undoing the last decision on task {id}.");
            WriteObject(Run(stop => Engine.Decisions.UndoAsync(id, stop)));
        }
    }
}
