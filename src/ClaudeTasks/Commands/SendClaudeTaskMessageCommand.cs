using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Says something to a task's Claude: now, or as its next turn.</summary>
[Cmdlet(VerbsCommunications.Send, "ClaudeTaskMessage", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class SendClaudeTaskMessageCommand : TaskCmdlet
{
    /// <summary>What to say.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowEmptyString]
    public string Message { get; set; } = "";

    /// <summary>Runs a next turn inside this PowerShell session, with which it ends.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Writes the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        if (!ShouldProcess($"Task {id}", $"Say '{TerminalText.OneLine(Message, 80)}'"))
        {
            return;
        }

        Engine.Say(id, Message, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host);
        if (PassThru)
        {
            WriteObject(Engine.Get(id));
        }
    }
}
