using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Asks Claude to fix what the gates of a task found.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class RepairClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Run the turn inside this PowerShell session. It ends with it.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Return the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        if (!ShouldProcess($"Task {id}", "Send what its gates found back to Claude"))
        {
            return;
        }

        Run(stop => Engine.Conversations.RepairAsync(id, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host, stop));
        if (PassThru)
        {
            WriteObject(Engine.Tasks.Get(id));
        }
    }
}
