using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// Removes the tasks and events that the options <c>RetainDays</c> and <c>RetainEventDays</c> no longer keep: at most once a day, by one
/// process, and never of a task that has not ended. Sweeps the files that removed tasks have left.
/// </summary>
internal static class Retention
{
    private const int EventsAStep = 2000;

    /// <param name="database">The store.</param>
    /// <param name="location">Where the tasks' objects are.</param>
    /// <param name="isStopping">Whether the process has to end; what is left waits for another day.</param>
    public static async Task RunIfDueAsync(Database database, StoreLocation location, Func<bool> isStopping)
    {
        await TaskRemoval.SweepAsync(database, location).ConfigureAwait(false);
        Leftovers.Sweep(database, location);
        var options = database.Read(OptionTable.Read);
        var now = DateTime.UtcNow;
        if (options is { RetainDays: null, RetainEventDays: null } || !database.Write(connection => RetentionTable.Claim(connection, now)))
        {
            return;
        }

        if (options.RetainDays is { } days)
        {
            await RemoveTasksAsync(database, location, now.AddDays(-days), isStopping).ConfigureAwait(false);
        }

        if (options.RetainEventDays is { } eventDays)
        {
            RemoveEvents(database, now.AddDays(-eventDays), eventDays, isStopping);
        }

        Compaction.Run(database, isStopping);
    }

    private static async Task RemoveTasksAsync(Database database, StoreLocation location, DateTime before, Func<bool> isStopping)
    {
        foreach (var id in database.Read(connection => RetentionTable.EndedBefore(connection, before)).TakeWhile(_ => !isStopping()))
        {
            try
            {
                if (database.Read(connection => TaskTable.Find(connection, id)) is { Task.IsEnded: true } task)
                {
                    await TaskRemoval.RemoveAsync(database, location, task, force: false).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (
                e is IOException or UnauthorizedAccessException
                or ClaudeTaskException
                {
                    ErrorId: not (ClaudeTaskErrorId.StoreBusy or ClaudeTaskErrorId.StoreCorrupt or ClaudeTaskErrorId.StoreUnusable)
                })
            {
                // Somebody works in its work tree: such a task is kept, and the others go. A work tree that cannot be deleted is swept
                // later.
            }
        }
    }

    private static void RemoveEvents(Database database, DateTime before, int days, Func<bool> isStopping)
    {
        foreach (var id in database.Read(connection => RetentionTable.EndedWithEvents(connection, before)).TakeWhile(_ => !isStopping()))
        {
            var text = string.Create(
                CultureInfo.InvariantCulture, $"Its events were removed after {days} days, as the option RetainEventDays says.");
            if (database.Write(connection => RetentionTable.AppendNote(connection, id, text)) is not { } note)
            {
                continue;
            }

            // In steps, as a task can have millions and others want to write too.
            int removed;
            do
            {
                removed = database.Write(connection => RetentionTable.RemoveEvents(connection, id, note, EventsAStep));
            }
            while (removed == EventsAStep);
        }
    }
}
