using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>Submits what ended tasks were asked once more, as new tasks with the same settings and a conversation of their own.</summary>
[Cmdlet(VerbsLifecycle.Restart, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class RestartClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Runs them inside this session, with which they end.</summary>
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
