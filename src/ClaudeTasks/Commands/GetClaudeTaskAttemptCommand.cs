using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>The agent processes of tasks, one object each: the first run, repairs, retries, further turns, with what each of them cost.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskAttempt")]
[OutputType(typeof(ClaudeTaskAttempt))]
public sealed class GetClaudeTaskAttemptCommand : TaskCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessTask(int id) => WriteObject(Engine.GetAttempts(id), enumerateCollection: true);
}
