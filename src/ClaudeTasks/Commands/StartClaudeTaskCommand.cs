using System.Management.Automation;
using ClaudeTasks.Jobs;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Submits prompts as background tasks and returns at once.</summary>
[Cmdlet(VerbsLifecycle.Start, "ClaudeTask", DefaultParameterSetName = PromptSet, SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask), typeof(ClaudeTaskJob))]
public sealed class StartClaudeTaskCommand : SubmittingCmdlet
{
    /// <summary>Return a PowerShell job for each task instead of the task.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Submit() is not { } task)
        {
            return;
        }

        if (AsJob)
        {
            Try(task, () => WriteObject(JobManager.NewJob(ClaudeTaskJobSourceAdapter.Describe(Engine, task))));
        }
        else
        {
            WriteObject(task);
        }
    }
}
