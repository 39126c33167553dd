using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>Stops tasks and everything they started.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class StopClaudeTaskCommand : TaskCmdlet
{
    private readonly List<int> _stopping = [];

    /// <summary>Writes the stopped tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Get(id);
        if (!ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Stop"))
        {
            return;
        }

        if (!Engine.RequestStop(id))
        {
            WriteVerbose($"Task {id} had ended already ({task.Status}).");
        }

        if (task is { Status: ClaudeTaskStatus.Pending or ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed, FilesChanged: > 0 })
        {
            var queued = task.Worktree is null ? " Tasks that are queued for the repository fail their check of a clean tree;" : "";
            WriteWarning($"Task {id} was given up with {task.FilesChanged} changed file(s) still there.{queued} Deny-ClaudeTask {id} puts the files back.");
        }

        _stopping.Add(id);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () =>
    {
        // All were asked first, so that ten stubborn agents take no longer than one.
        Engine.WaitUntil(_stopping, tasks => tasks.All(task => task.IsSettled), PipelineStop);
        foreach (var id in PassThru ? _stopping : [])
        {
            WriteObject(Engine.Get(id));
        }
    });
}
