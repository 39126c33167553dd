using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Notices;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Timeline;

/// <summary>Reads the tasks and the selected one's output into the model.</summary>
/// <param name="engine">The engine.</param>
/// <param name="read">Reads the tasks.</param>
/// <param name="notices">Tells of what happened to them.</param>
internal sealed class TimelineSource(ClaudeTaskEngine engine, Func<IEnumerable<ClaudeTask>> read, TaskNotices notices)
{
    private const int MostEvents = 1000;

    private readonly Estimates _estimates = new(engine);
    private ScrollText? _output;
    private int _after;
    private bool _isFirst = true;

    /// <summary>Reads all of it as it is now.</summary>
    public void Refresh(TimelineModel model)
    {
        model.SetTasks([.. read().Select(task => new TimelineTask(task, _estimates.Of(task)))]);
        foreach (var item in model.Tasks)
        {
            if (_isFirst)
            {
                notices.Remember(item.Task);
            }
            else
            {
                notices.Look(item.Task);
            }
        }

        _isFirst = false;
        RefreshOutput(model);
    }

    /// <summary>Reads what is new of the selected task's output; of very much at once the end.</summary>
    public void RefreshOutput(TimelineModel model)
    {
        if (model.Selected is not { Task: var task })
        {
            return;
        }

        if (_output != model.Output)
        {
            (_output, _after) = (model.Output, 0);
        }

        var events = engine.Events.ReadNewest(task, MostEvents, EventLine.DefaultKinds, _after);
        if (events.Count == MostEvents)
        {
            model.Output.Add(new ToneLine($"… Receive-ClaudeTask {task.Id} shows what came before.", Tone.Faint));
        }

        model.AddOutput(events);
        _after = events.Count > 0 ? events[^1].Seq : _after;
    }
}
