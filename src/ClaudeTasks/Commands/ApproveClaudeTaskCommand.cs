using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Commits what a task changed, and nothing else.</summary>
[Cmdlet(VerbsLifecycle.Approve, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class ApproveClaudeTaskCommand : DecidingCmdlet
{
    /// <summary>Use this commit message instead of one made from the prompt. A line that names the task is always added.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>
    /// Commit the recorded version of files that were changed since, including your uncommitted work in them, and approve a task whose
    /// gates failed.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Commit to the branch of the task's worktree and keep that branch, instead of committing to your branch. Only for tasks that were
    /// started with -Worktree.
    /// </summary>
    [Parameter]
    public SwitchParameter KeepBranch { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id) =>
        Decide(
            id, "Commit", (matches, stop, onHook) => Engine.Decisions.ApproveAsync(id, Message, matches, Force, KeepBranch, onHook, stop));
}
