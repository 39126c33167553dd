using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Restores the files that a task changed.</summary>
[Cmdlet(VerbsLifecycle.Deny, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class DenyClaudeTaskCommand : DecidingCmdlet
{
    /// <summary>Record this reason.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReasonCompleter))]
    public string? Reason { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id) =>
        Decide(id, "Put back", (matches, stop, _) => Engine.Decisions.RejectAsync(id, Reason, matches, stop));
}
