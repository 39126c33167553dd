using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Sums up and estimates what tasks take and cost.</summary>
public sealed class TaskStatistics
{
    private readonly EngineContext _context;

    internal TaskStatistics(EngineContext context) => _context = context;

    /// <summary>
    /// Sums over tasks, by group in the groups' order. A task counts with the moment it began, or was submitted if it has not begun.
    /// </summary>
    /// <param name="grouping">How the tasks are grouped.</param>
    /// <param name="query">Selects the tasks. Its times and its paging are ignored.</param>
    /// <param name="since">Only tasks from this moment on.</param>
    /// <param name="until">Only tasks before this moment.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<IReadOnlyList<ClaudeTaskMeasure>> MeasureAsync(
        ClaudeTaskGrouping grouping, TaskQuery query, DateTime? since, DateTime? until, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        _context.Recovery.Look();
        var repository = await _context.FindRepositoryKeyAsync(query.Repository, cancellation).ConfigureAwait(false);
        return _context.Database.Read(connection => StatisticsTable.Measure(connection, grouping, query, repository, since, until));
    }

    /// <summary>
    /// Estimates how long a task takes from its start, from the newest successful tasks like it: in its repository, of its template if it
    /// has one, with a prompt of a quarter to four times its length. Null if there are fewer than three.
    /// </summary>
    public DurationEstimate? EstimateDuration(ClaudeTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return DurationEstimate.Of(_context.Database.Read(connection => StatisticsTable.LikeDurations(connection, task.Id)));
    }
}
