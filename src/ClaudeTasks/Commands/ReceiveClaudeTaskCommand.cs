using System.Management.Automation;
using System.Text;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Reads the events of tasks, and follows them live.</summary>
[Cmdlet(VerbsCommunications.Receive, "ClaudeTask", DefaultParameterSetName = "Event")]
[OutputType(typeof(ClaudeTaskEvent), ParameterSetName = ["Event"])]
[OutputType(typeof(string), ParameterSetName = ["Raw"])]
public sealed class ReceiveClaudeTaskCommand : TaskCmdlet
{
    private readonly List<ClaudeTask> _tasks = [];

    /// <summary>Follow the tasks until each has ended or waits for a decision. Ctrl+C does not affect the tasks.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Skip the events up to this number, so that a reader continues where it stopped.</summary>
    [Parameter]
    [Alias("After")]
    [ValidateRange(0, int.MaxValue)]
    public int AfterEvent { get; set; }

    /// <summary>Return only events of these kinds. By default, all except the agent's housekeeping (Protocol).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ClaudeTaskEventKind[] Kind { get; set; } = [];

    /// <summary>Return the raw lines of Claude Code, one JSON text per line.</summary>
    [Parameter(ParameterSetName = "Raw", Mandatory = true)]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        _tasks.Add(Engine.Tasks.Get(id));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Where nothing can be written, what there is can still be read.
        Try(null, Engine.Recover);
        Try(null, () =>
        {
            IReadOnlyCollection<ClaudeTaskEventKind> kinds = Kind.Length > 0 ? Kind : Raw ? [] : EventLine.DefaultKinds;

            var last = new Dictionary<int, ClaudeTaskUpdate>();
            foreach (var update in Engine.Events.ObserveUpdates(_tasks, update => !Follow || update.IsAtRest, kinds, AfterEvent)
                .Pump(PipelineStop))
            {
                last[update.Task.Id] = update;
                foreach (var item in update.Events)
                {
                    Write(item);
                }
            }

            if (Follow)
            {
                last.Values.ToList().ForEach(TellEnd);
            }
        });
    }

    private void Write(ClaudeTaskEvent item)
    {
        if (!Raw)
        {
            WriteObject(item);
        }
        else if (item.GetRawBytes() is { } line)
        {
            WriteObject(Encoding.UTF8.GetString(line));
        }
    }

    private void TellEnd(ClaudeTaskUpdate update)
    {
        if (update.IsRemoved)
        {
            WriteError(ErrorRecords.From(TaskErrors.Removed(update.Task.Id)));
        }
        else if (update.Blocker is { } blocker)
        {
            WriteWarning(TaskErrors.Blocked(update.Task, blocker).Message);
        }
    }
}
