using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>How long tasks will take, asked once a task when it has begun: the past changes little while it runs.</summary>
internal sealed class Estimates(ClaudeTaskEngine engine)
{
    private readonly Dictionary<int, DurationEstimate?> _known = [];

    public DurationEstimate? Of(ClaudeTask task)
    {
        if (task.StartedAt is null || task.IsEnded)
        {
            return null;
        }

        if (!_known.TryGetValue(task.Id, out var estimate))
        {
            _known.Add(task.Id, estimate = engine.Statistics.EstimateDuration(task));
        }

        return estimate;
    }
}
