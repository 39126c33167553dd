using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Removes tasks with all that is recorded of them.</summary>
[Cmdlet(
    VerbsCommon.Remove, "ClaudeTask", DefaultParameterSetName = "Task", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveClaudeTaskCommand : EngineCmdlet
{
    /// <summary>Pass task numbers, GUIDs or task objects. A session stands for all of its tasks.</summary>
    [Parameter(ParameterSetName = "Task", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "TaskId", "InputObject")]
    [TaskReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[] Task { get; set; } = [];

    /// <summary>
    /// Remove all tasks that ended longer ago: a number of days, text such as 30d or 12h, or a moment. The store's file becomes smaller.
    /// </summary>
    [Parameter(ParameterSetName = "OlderThan", Mandatory = true)]
    [MomentTransformation]
    public DateTime OlderThan { get; set; }

    /// <summary>Stop a running task first, and delete its worktree even if it contains undecided or later changes.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Task")
        {
            ForEachTask(Task, RemoveTask);
        }
        else
        {
            Try(null, RemoveOld);
        }
    }

    private void RemoveTask(int id)
    {
        var task = Engine.Tasks.Get(id);
        if (!ShouldRemove(task))
        {
            return;
        }

        if (Force && !task.IsSettled)
        {
            WriteVerbose($"Stopping task {id} ({task.Status}).");
            Run(stop => Engine.Tasks.RequestStopAsync(id, stop));
            Run(stop => Engine.Events.WaitUntilAsync([id], item => item.IsSettled, stop));
        }

        WriteVerbose($"Removing task {id}.");
        Run(stop => Engine.Tasks.RemoveAsync(id, Force, stop));
    }

    private void RemoveOld()
    {
        var removed = false;
        foreach (var id in Engine.Tasks.FindEnded(OlderThan))
        {
            PipelineStop.ThrowIfCancellationRequested();
            Try(id, () =>
            {
                // The user may have thought long, and somebody else taken the task's end back meanwhile.
                if (ShouldRemove(Engine.Tasks.Get(id)) && Engine.Tasks.Get(id).IsEnded)
                {
                    Run(stop => Engine.Tasks.RemoveAsync(id, Force, stop));
                    removed = true;
                }
            });
        }

        if (removed)
        {
            Run(Engine.Store.CompactAsync);
        }
    }

    private bool ShouldRemove(ClaudeTask task) => ShouldProcess(
        $"Task {task.Id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}",
        task.Worktree is null ? "Remove with its record, output and diff" : "Remove with its record, output, diff and work tree");
}
