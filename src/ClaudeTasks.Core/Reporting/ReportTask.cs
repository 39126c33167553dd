using ClaudeTasks.Model;

namespace ClaudeTasks.Reporting;

/// <summary>One task of a report with what happened in it, bounded so that a report of many tasks stays readable.</summary>
public sealed record ReportTask
{
    private const int MostEvents = 300;
    private const int MostStatuses = 50;
    private const int MostPatchCharacters = 1_000_000;

    /// <summary>The task.</summary>
    public ClaudeTask Task { get; init; } = new();

    /// <summary>Its way: the last statuses it came to, with their times.</summary>
    public IReadOnlyList<ReportStatus> Statuses { get; init; } = [];

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
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(changes);
        var (last, statuses) = (new Queue<ReportEvent>(), new Queue<ReportStatus>());
        var count = 0;
        foreach (var item in events)
        {
            count++;
            Keep(last, ReportEvent.Of(item), MostEvents);
            if (ReportStatus.Of(item) is { } status)
            {
                Keep(statuses, status, MostStatuses);
            }
        }

        // A failure is told by the task: among the events it looks like any error that the agent reported.
        if (task is { Status: ClaudeTaskStatus.Failed, CompletedAt: { } end })
        {
            Keep(statuses, new ReportStatus(ClaudeTaskStatus.Failed, end), MostStatuses);
        }

        var room = MostPatchCharacters;
        var kept = new List<ReportChange>();
        foreach (var change in changes)
        {
            kept.Add(ReportChange.Of(change, room));
            room -= kept[^1].Patch.Length;
        }

        return new ReportTask
        {
            Task = task, Statuses = [.. statuses], EventsLeftOut = count - last.Count, Events = [.. last], Changes = kept
        };
    }

    private static void Keep<T>(Queue<T> items, T item, int most)
    {
        items.Enqueue(item);
        if (items.Count > most)
        {
            items.Dequeue();
        }
    }
}
