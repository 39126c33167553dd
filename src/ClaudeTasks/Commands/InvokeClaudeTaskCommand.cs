using System.Management.Automation;
using ClaudeTasks.Errors;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;
using ClaudeTasks.Views;

namespace ClaudeTasks.Commands;

/// <summary>
/// Submits a prompt, shows what happens and waits for the end. Ctrl+C stops the task. A bad ending is an error; the task itself is the
/// output in any case.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "ClaudeTask", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class InvokeClaudeTaskCommand : SubmittingCmdlet
{
    private int? _atWork;

    /// <summary>Shows nothing of what happens.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Submit() is not { } task)
        {
            return;
        }

        Try(task, () =>
        {
            _atWork = task.Id;
            try
            {
                foreach (var item in Engine.ReadEvents([task.Id], 0, EventLine.DefaultKinds, follow: true, PipelineStop))
                {
                    Show(item);
                }

                _atWork = null;
            }
            finally
            {
                // Left early: by Ctrl+C, by a downstream cmdlet that has enough, or by -ErrorAction Stop.
                StopTask();
            }

            var ended = Engine.Get(task.Id);
            WriteObject(ended);
            if (Engine.FindBlocker(ended) is { } blocker)
            {
                throw TaskErrors.Blocked(ended, blocker);
            }

            if (TaskErrors.OfBadEnding(ended) is { } error)
            {
                throw error;
            }
        });
    }

    private void Show(ClaudeTaskEvent item)
    {
        if (!Quiet)
        {
            WriteInformation(new EventMessage(item), ["PSHOST"]);
        }
    }

    private void StopTask()
    {
        if (_atWork is { } id)
        {
            _atWork = null;
            Engine.RequestStop(id);
        }
    }
}
