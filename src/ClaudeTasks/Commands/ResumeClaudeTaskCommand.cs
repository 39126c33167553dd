using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Lets suspended tasks go on where they paused.</summary>
[Cmdlet(VerbsLifecycle.Resume, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class ResumeClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Runs them inside this PowerShell session, with which they end.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Writes the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Get(id);
        if (!ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Resume"))
        {
            return;
        }

        Engine.Resume(id, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host);
        if (PassThru)
        {
            WriteObject(Engine.Get(id));
        }
    }
}
