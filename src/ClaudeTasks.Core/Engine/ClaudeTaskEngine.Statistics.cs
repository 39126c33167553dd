using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <content>What tasks took and cost, and what that says of the next one.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>
    /// Sums over tasks, by group in the groups' order. A task counts with the moment it began, or was submitted if it has not begun.
    /// </summary>
    /// <param name="grouping">By what the tasks are told apart.</param>
    /// <param name="query">Which tasks; its times and its paging are not for this.</param>
    /// <param name="since">Only tasks from this moment on.</param>
    /// <param name="until">Only tasks before this moment.</param>
    public IReadOnlyList<ClaudeTaskMeasure> Measure(ClaudeTaskGrouping grouping, TaskQuery query, DateTime? since = null, DateTime? until = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        RecoverLostTasks();
        var repository = FindRepositoryKey(query);
        return _database.Read(connection => StatisticsTable.Measure(connection, grouping, query, repository, since, until));
    }

    /// <summary>
    /// How long a task will take from its start, going by the newest successful ones that are like it: in its repository, of its template
    /// if it has one, with a prompt of a quarter to four times its length. Null where there are fewer than three.
    /// </summary>
    public DurationEstimate? EstimateDuration(ClaudeTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return DurationEstimate.Of(_database.Read(connection => StatisticsTable.LikeDurations(connection, task.Id)));
    }
}
