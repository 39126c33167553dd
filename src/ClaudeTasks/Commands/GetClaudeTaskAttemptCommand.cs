using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists the agent processes of tasks, and what each of them cost.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskAttempt")]
[OutputType(typeof(ClaudeTaskAttempt))]
public sealed class GetClaudeTaskAttemptCommand : TaskCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessTask(int id) => WriteObject(Engine.Conversations.GetAttempts(id), enumerateCollection: true);
}
