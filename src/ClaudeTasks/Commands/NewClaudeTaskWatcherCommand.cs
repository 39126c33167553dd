using System.Management.Automation;
using ClaudeTasks.Events;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Makes an object that raises .NET events for tasks.</summary>
[Cmdlet(VerbsCommon.New, "ClaudeTaskWatcher")]
[OutputType(typeof(ClaudeTaskWatcher))]
public sealed class NewClaudeTaskWatcherCommand : TaskCmdlet
{
    private readonly List<int> _tasks = [];

    /// <inheritdoc/>
    protected override void ProcessTask(int id) => _tasks.Add(Engine.Tasks.Get(id).Id);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_tasks.Count > 0)
        {
            WriteObject(new ClaudeTaskWatcher(Engine, [.. _tasks.Distinct()]));
        }
    }
}
