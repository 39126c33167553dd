using ClaudeTasks.Tasks;

namespace ClaudeTasks.Reporting;

/// <summary>One task of a report with what happened in it, bounded so that a report of many tasks stays readable.</summary>
public sealed record ReportTask
{
    private const int MostEvents = 300;
    private const int MostPatchCharacters = 1_000_000;

    /// <summary>The task.</summary>
    public ClaudeTask Task { get; init; } = new();

    /// <summary>The checks that were made of its result.</summary>
    public IReadOnlyList<ReportGate> Gates { get; init; } = [];

    /// <summary>How many events came before the first of <see cref="Events"/>.</summary>
    public int EventsLeftOut { get; init; }

    /// <summary>The last events, without the agent's housekeeping.</summary>
    public IReadOnlyList<ReportEvent> Events { get; init; } = [];

    /// <summary>The files it changed.</summary>
    public IReadOnlyList<ReportChange> Changes { get; init; } = [];

    /// <summary>Takes what a report keeps of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="events">Its events; they are read once, and only the last are held.</param>
    /// <param name="changes">The files it changed.</param>
    public static ReportTask Of(ClaudeTask task, IEnumerable<ClaudeTaskEvent> events, IEnumerable<ClaudeTaskChange> changes)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(changes);
        var last = new Queue<ReportEvent>();
        var count = 0;
        foreach (var item in events)
        {
            count++;
            last.Enqueue(ReportEvent.Of(item));
            if (last.Count > MostEvents)
            {
                last.Dequeue();
            }
        }

        var room = MostPatchCharacters;
        var kept = new List<ReportChange>();
        foreach (var change in changes)
        {
            kept.Add(ReportChange.Of(change, room));
            room -= kept[^1].Patch.Length;
        }

        return new ReportTask { Task = task, EventsLeftOut = count - last.Count, Events = [.. last], Changes = kept };
    }
}
