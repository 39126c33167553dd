using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Submits ended tasks once more, as new tasks.</summary>
[Cmdlet(VerbsLifecycle.Restart, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class RestartClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Runs them inside this PowerShell session, with which they end.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Get(id);
        if (ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Start once more"))
        {
            WriteObject(Engine.Restart(id, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host));
        }
    }
}
