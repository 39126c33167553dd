using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Resumes suspended tasks where they paused.</summary>
[Cmdlet(VerbsLifecycle.Resume, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class ResumeClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Run them inside this PowerShell session. They end with it.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Return the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Tasks.Get(id);
        if (!ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Resume"))
        {
            return;
        }

        Run(stop => Engine.Conversations.ResumeAsync(id, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host, stop));
        if (PassThru)
        {
            WriteObject(Engine.Tasks.Get(id));
        }
    }
}
