using System.Management.Automation;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Removes sessions with their tasks and all that is recorded of them.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "ClaudeTaskSession",
    DefaultParameterSetName = "Name",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveClaudeTaskSessionCommand : SessionCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessSession(SessionReference session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var count = Run(stop => Engine.Sessions.GetTasksAsync(session.Name, session.Repository, stop)).Count;
        var tasks = count switch { 0 => "it has no tasks", 1 => "with its task", _ => $"with its {count} tasks" };
        if (ShouldProcess(
            Describe(session), count == 0 ? $"Remove ({tasks})" : $"Remove {tasks}, their record, output, diffs and own work trees"))
        {
            Run(stop => Engine.Sessions.RemoveAsync(session.Name, session.Repository, stop));
        }
    }
}
