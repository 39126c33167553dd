using System.Management.Automation;
using System.Text;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Reads what tasks said and did, and follows it live.</summary>
[Cmdlet(VerbsCommunications.Receive, "ClaudeTask", DefaultParameterSetName = "Event")]
[OutputType(typeof(ClaudeTaskEvent), ParameterSetName = ["Event"])]
[OutputType(typeof(string), ParameterSetName = ["Raw"])]
public sealed class ReceiveClaudeTaskCommand : TaskCmdlet
{
    private readonly List<int> _tasks = [];

    /// <summary>Goes on with what comes, until the machine has nothing more to do for the tasks. Ctrl+C leaves the tasks alone.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Leaves out the events up to this number, so that a reader goes on where it was.</summary>
    [Parameter]
    [Alias("After")]
    [ValidateRange(0, int.MaxValue)]
    public int AfterEvent { get; set; }

    /// <summary>Only these kinds; by default all but the agent's housekeeping (Protocol).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ClaudeTaskEventKind[] Kind { get; set; } = [];

    /// <summary>Writes the lines themselves as they came from Claude Code: one JSON text each.</summary>
    [Parameter(ParameterSetName = "Raw", Mandatory = true)]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        Engine.Get(id);
        _tasks.Add(id);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Where nothing can be written, what there is can still be read.
        Try(null, Engine.RecoverLostTasks);
        Try(null, () =>
        {
            IReadOnlyCollection<ClaudeTaskEventKind> kinds = Kind.Length > 0 ? Kind : Raw ? [] : EventLine.DefaultKinds;

            // Following, the tasks run side by side and their events come as they happen; looking back, one task after the other reads better.
            IEnumerable<int[]> groups = Follow ? [[.. _tasks]] : _tasks.Select(id => new[] { id });
            foreach (var item in groups.SelectMany(group => Engine.ReadEvents(group, AfterEvent, kinds, Follow, PipelineStop)))
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

            foreach (var task in Follow ? _tasks.Select(Engine.Get) : [])
            {
                if (Engine.FindBlocker(task) is { } blocker)
                {
                    WriteWarning(TaskErrors.Blocked(task, blocker).Message);
                }
            }
        });
    }
}
