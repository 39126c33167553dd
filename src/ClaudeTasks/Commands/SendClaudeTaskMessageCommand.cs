using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Sends a message to a task's Claude: now, or as its next turn.</summary>
[Cmdlet(VerbsCommunications.Send, "ClaudeTaskMessage", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class SendClaudeTaskMessageCommand : TaskCmdlet
{
    /// <summary>Send this message.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowEmptyString]
    public string Message { get; set; } = "";

    /// <summary>Run the next turn inside this PowerShell session. It ends with it.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Return the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        if (!ShouldProcess($"Task {id}", $"Say '{TerminalText.OneLine(Message, 80)}'"))
        {
            return;
        }

        Run(stop => Engine.Conversations.SayAsync(id, Message, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host, stop));
        if (PassThru)
        {
            WriteObject(Engine.Tasks.Get(id));
        }
    }
}
