using System.Diagnostics;
using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Views;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// The progress bars of tasks that are waited for: one for each that has begun, with what Claude does now, and for several one above them
/// that counts. For the pipeline's thread.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="write">Writes a record; null where nobody would see it.</param>
internal sealed class TaskBars(ClaudeTaskEngine engine, Action<ProgressRecord>? write)
{
    /// <summary>A loud task does not keep the bars busier than an eye can follow.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly ClaudeTaskEventKind[] Doings =
        [ClaudeTaskEventKind.Message, ClaudeTaskEventKind.Thinking, ClaudeTaskEventKind.ToolUse, ClaudeTaskEventKind.Gate];

    private readonly Estimates _estimates = new(engine);
    private readonly HashSet<int> _shown = [];
    private Stopwatch? _sinceLast;
    private bool _hasParent;

    /// <summary>Shows how tasks do, if it is time.</summary>
    /// <param name="waiting">The tasks that are not there yet.</param>
    /// <param name="total">How many there are with those that are.</param>
    public void Show(IReadOnlyCollection<ClaudeTask> waiting, int total)
    {
        if (write is null || _sinceLast?.Elapsed < Interval)
        {
            return;
        }

        _sinceLast = Stopwatch.StartNew();
        _hasParent |= total > 1;
        if (_hasParent)
        {
            write(TaskProgress.OfAll(total - waiting.Count, total));
        }

        // Of a long queue the bar of all tells enough.
        foreach (var task in waiting.Where(task => total == 1 || task.StartedAt is not null || _shown.Contains(task.Id)))
        {
            _shown.Add(task.Id);
            var doing = task.Status is ClaudeTaskStatus.Running or ClaudeTaskStatus.QaRunning && task.WaitingFor is null
                ? engine.Events.ReadNewest(task, 1, Doings) is [var item] ? item.Text : null
                : null;
            write(TaskProgress.Of(task, _estimates.Of(task), doing, _hasParent));
        }
    }

    /// <summary>Ends the bar of a task.</summary>
    public void End(int id)
    {
        if (_shown.Remove(id))
        {
            write!(TaskProgress.Completed(id));
        }
    }

    /// <summary>Ends all bars.</summary>
    public void End()
    {
        foreach (var id in _shown.ToList())
        {
            End(id);
        }

        if (_hasParent)
        {
            _hasParent = false;
            write!(TaskProgress.Completed(TaskProgress.All));
        }
    }
}
