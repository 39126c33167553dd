using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Puts the files that a task changed back as they were.</summary>
[Cmdlet(VerbsLifecycle.Deny, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class DenyClaudeTaskCommand : DecidingCmdlet
{
    /// <summary>Why, for the record.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReasonCompleter))]
    public string? Reason { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id) => Decide(id, "Put back", matches => Engine.Reject(id, Reason, matches));
}
