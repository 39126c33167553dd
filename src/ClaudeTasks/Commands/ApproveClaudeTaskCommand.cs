using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Commits what a task changed, and nothing else.</summary>
[Cmdlet(VerbsLifecycle.Approve, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class ApproveClaudeTaskCommand : DecidingCmdlet
{
    /// <summary>The commit's message. Without it one is made of the prompt. A line that names the task is added in any case.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>
    /// Takes the recorded version of files that were changed since, your uncommitted work in them too, and approves a task whose gates
    /// failed.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Commits to the branch of the task's own work tree and keeps that branch, instead of bringing the work home. For tasks that were
    /// started with -Worktree.
    /// </summary>
    [Parameter]
    public SwitchParameter KeepBranch { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id) => Decide(id, "Commit", matches => Engine.Approve(id, Message, matches, Force, KeepBranch));
}
