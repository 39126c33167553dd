using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets that act on tasks which the user names or pipes.</summary>
public abstract class TaskCmdlet : EngineCmdlet
{
    /// <summary>Pass task numbers, GUIDs or task objects. A session stands for all of its tasks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "TaskId", "InputObject")]
    [TaskReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[] Task { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachTask(Task, ProcessTask);

    private protected PathPatterns FindPatterns(string[] patterns, int id, IEnumerable<ClaudeTaskChange> changes)
    {
        var task = Engine.Tasks.Get(id);
        string[] roots = task.Worktree is { } own ? [task.Repository, own] : [task.Repository];
        return new PathPatterns(patterns, changes, roots, ResolvePath);
    }

    /// <summary>Does what the cmdlet does for one task.</summary>
    protected abstract void ProcessTask(int id);
}
