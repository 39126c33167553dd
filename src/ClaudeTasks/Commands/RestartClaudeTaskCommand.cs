using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Restarts ended tasks as new tasks.</summary>
[Cmdlet(VerbsLifecycle.Restart, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class RestartClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Run them inside this PowerShell session. They end with it.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Tasks.Get(id);
        if (ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Restart the task"))
        {
            WriteObject(Run(stop => Engine.Conversations.RestartAsync(id, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host, stop)));
        }
    }
}
