using ClaudeTasks.Git;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <summary>Takes a task's own work tree away without a decision: when there is nothing in it to decide on, or with the task itself.</summary>
internal static class WorktreeCleanup
{
    /// <summary>After a run: a work tree in which nothing was changed is of no use to anybody, unless the task goes on in it.</summary>
    public static Task AfterRunAsync(Database database, int id) => TryDeleteAsync(
        database, id, task => task.Task.Status != ClaudeTaskStatus.Pending && (task.BaseTree is null || task.Task.FilesChanged == 0));

    /// <summary>Before a pause: one that has no base yet is made anew.</summary>
    public static Task BeforePauseAsync(Database database, int id) => TryDeleteAsync(database, id, task => task.BaseTree is null);

    private static async Task TryDeleteAsync(Database database, int id, Func<TaskRecord, bool> isUseless)
    {
        if (database.Read(connection => TaskTable.Find(connection, id)) is { Task.Worktree: not null } task && isUseless(task))
        {
            try
            {
                await DeleteAsync(task).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ClaudeTaskException or IOException or UnauthorizedAccessException)
            {
                var text = $"The work tree '{task.Task.Worktree}' could not be taken away: {e.Message}";
                database.Write(connection => EventLog.Append(connection, id, new EventDraft(ClaudeTaskEventKind.Warning, text)));
            }
        }
    }

    /// <summary>With the task itself; the work tree must hold nothing but what the task left there.</summary>
    /// <exception cref="ClaudeTaskException">Somebody changed files in it since, and <paramref name="force"/> is not set.</exception>
    public static async Task RemoveAsync(StoreLocation location, TaskRecord task, bool force)
    {
        if (!force && task is { ResultTree: not null, Task.Worktree: { } folder } && Directory.Exists(folder)
            && await ResultCapture.FindLaterAsync(location, task).ConfigureAwait(false) is { Count: > 0 } later)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince,
                $"Changed in the work tree of task {task.Id} since it ended: {ResultCapture.Names([.. later.Select(change => change.Path)])}.",
                task.Id,
                $"Save them from '{folder}', or delete them too: Remove-ClaudeTask {task.Id} -Force");
        }

        await DeleteAsync(task).ConfigureAwait(false);
    }

    /// <summary>Deletes the work tree and all in it; its branch too, unless somebody committed to it.</summary>
    private static async Task DeleteAsync(TaskRecord task)
    {
        if (task.Task is not { Worktree: { } folder, Branch: { } branch, StartingCommit: { } start } || !Path.Exists(task.Task.Repository))
        {
            return;
        }

        var worktree = new TaskWorktree(await GitRepository.FindAsync(task.Task.Repository).ConfigureAwait(false), folder, branch);

        // One that was deleted by hand is still in git's books, with its branch.
        if (worktree.Exists || task.BaseTree is not null)
        {
            await worktree.RemoveAsync().ConfigureAwait(false);
            await worktree.RemoveBranchAsync(start).ConfigureAwait(false);
        }
    }
}
