using ClaudeTasks.Model;
using ClaudeTasks.Reporting;
using ClaudeTasks.Text;

namespace ClaudeTasks.Engine;

/// <summary>Collects reports.</summary>
public sealed class TaskReports
{
    private readonly EngineContext _context;
    private readonly TaskEvents _events;
    private readonly TaskChanges _changes;
    private readonly TaskGates _gates;

    internal TaskReports(EngineContext context, TaskEvents events, TaskChanges changes, TaskGates gates) =>
        (_context, _events, _changes, _gates) = (context, events, changes, gates);

    /// <summary>Collects what happened in tasks; <see cref="ReportWriter"/> writes it.</summary>
    /// <param name="title">The report's title; by default the sessions of the tasks.</param>
    /// <param name="ids">The tasks, in the order of the report.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ClaudeTaskException">One of the tasks does not exist.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ClaudeTaskReport> CreateAsync(string? title, IEnumerable<int> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        _context.Recovery.Look();
        List<ReportTask> tasks = [.. ids.Select(id => Collect(_context.Find(id).Task, cancellation))];
        return new ClaudeTaskReport { Title = title ?? TitleOf(tasks), CreatedAt = DateTime.UtcNow, Tasks = tasks };
    }

    private static string TitleOf(List<ReportTask> tasks)
    {
        var sessions = tasks.Select(item => item.Task.Session).Distinct().ToList();
        return sessions.Count switch
        {
            0 => "No tasks",
            <= 3 => string.Join(", ", sessions),
            var count => $"{tasks.Count} tasks of {count} sessions",
        };
    }

    private ReportTask Collect(ClaudeTask task, CancellationToken cancellation) => ReportTask.Of(
        task,
        _events.Read(task.Id, EventLine.DefaultKinds, cancellation),
        task.FilesChanged is null ? [] : [.. _changes.Read(task.Id, ClaudeTaskChangeSource.Task, withPatches: true)]) with
    {
        Gates = [.. _gates.GetResults(task.Id).Select(ReportGate.Of)],
    };
}
