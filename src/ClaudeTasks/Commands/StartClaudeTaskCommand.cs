using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>Submits prompts as background tasks and returns at once.</summary>
[Cmdlet(VerbsLifecycle.Start, "ClaudeTask", DefaultParameterSetName = PromptSet, SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class StartClaudeTaskCommand : SubmittingCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Submit() is { } task)
        {
            WriteObject(task);
        }
    }
}
