using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Pauses tasks, with their files and their conversation.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class SuspendClaudeTaskCommand : TaskCmdlet
{
    private readonly List<int> _pausing = [];

    /// <summary>Return the tasks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var task = Engine.Tasks.Get(id);
        if (ShouldProcess($"Task {id} ({task.Status}): {TerminalText.OneLine(task.Prompt, 60)}", "Suspend"))
        {
            Engine.Conversations.Suspend(id);
            _pausing.Add(id);
        }
    }

    /// <summary>Its gates are no work of Claude's that could pause.</summary>
    private static bool IsPast(ClaudeTask task) => task.Status is ClaudeTaskStatus.WaitingQa or ClaudeTaskStatus.QaRunning;

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () =>
    {
        Run(stop => Engine.Events.WaitUntilAsync(_pausing, task => task.IsSettled || IsPast(task), stop));
        foreach (var task in _pausing.Select(Engine.Tasks.Get))
        {
            if (IsPast(task) || (task.IsSettled && !task.IsSuspended))
            {
                WriteWarning($"Task {task.Id} does not pause: it was {task.Status} before it could.");
            }

            if (PassThru)
            {
                WriteObject(task);
            }
        }
    });
}
