using ClaudeTasks.Model;
using ClaudeTasks.Reporting;
using ClaudeTasks.Text;

namespace ClaudeTasks.Engine;

/// <content>Reports.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>Collects what happened in some tasks; <see cref="ReportWriter"/> writes it.</summary>
    /// <param name="title">What the report is about; by default the sessions of the tasks.</param>
    /// <param name="ids">The tasks, in the order in which the report tells of them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ClaudeTaskException">One of the tasks does not exist.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ClaudeTaskReport CreateReport(string? title, IEnumerable<int> ids, CancellationToken cancellation)
    {
        RecoverLostTasks();
        List<ReportTask> tasks = [.. ids.Select(id => Collect(Get(id), cancellation))];
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
        ReadEvents([task.Id], 0, EventLine.DefaultKinds, follow: false, cancellation),
        task.FilesChanged is null ? [] : GetChanges(task.Id)) with
    {
        Gates = [.. GetGateResults(task.Id).Select(ReportGate.Of)],
    };
}
