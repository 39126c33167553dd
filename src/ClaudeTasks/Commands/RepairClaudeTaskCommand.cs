using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Sends what the gates of a task found back to Claude.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class RepairClaudeTaskCommand : TaskCmdlet
{
    /// <summary>Runs the turn inside this PowerShell session, with which it ends.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Writes the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        if (!ShouldProcess($"Task {id}", "Send what its gates found back to Claude"))
        {
            return;
        }

        Engine.Repair(id, InProcess ? ModuleWorker.InProcess : ModuleWorker.Host);
        if (PassThru)
        {
            WriteObject(Engine.Get(id));
        }
    }
}
