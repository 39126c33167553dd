using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>Commits what tasks changed, and nothing else, with the user's identity, hooks and signing.</summary>
[Cmdlet(VerbsLifecycle.Approve, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class ApproveClaudeTaskCommand : DecidingCmdlet
{
    /// <summary>The commit's message; by default the prompt.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>Takes the recorded version of files that were changed since.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Commits to the branch of the task's own work tree and keeps that branch, instead of bringing the work home.</summary>
    [Parameter]
    public SwitchParameter KeepBranch { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id) => Decide(id, "Commit", matches => Engine.Approve(id, Message, matches, Force, KeepBranch));
}
