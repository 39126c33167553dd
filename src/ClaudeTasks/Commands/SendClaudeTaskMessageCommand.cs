using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>
/// Says something to a task's Claude: while it works at once, else as its next turn. A task that has ended hears nothing more; a new one
/// goes on with its conversation (Start-ClaudeTask -Continue).
/// </summary>
[Cmdlet(VerbsCommunications.Send, "ClaudeTaskMessage", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class SendClaudeTaskMessageCommand : TaskCmdlet
{
    /// <summary>What to say.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowEmptyString]
    public string Message { get; set; } = "";

    /// <summary>Runs a next turn inside this session, with which it ends.</summary>
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
