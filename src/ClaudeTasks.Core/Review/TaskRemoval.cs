using System.Runtime.ExceptionServices;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>
/// Removes tasks with all that is kept of them: first their rows, in one transaction that also notes their files, then the files. A sweep
/// deletes the files of noted tasks whose removal was cut off.
/// </summary>
internal static class TaskRemoval
{
    /// <summary>Removes the task, unless somebody has moved it since it was read.</summary>
    /// <exception cref="ClaudeTaskException">
    /// It is at work, or its work tree has work that would be lost and <paramref name="force"/> is not set.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the task is still there.</exception>
    public static async Task RemoveAsync(
        Database database, StoreLocation location, TaskRecord task, bool force, CancellationToken cancellation = default)
    {
        using var workspace = Workspace.Open(location.WorkspacesFolder, cancellation);
        if (StatusMoves.IsActive(task.Task.Status) || task.Task.Status == ClaudeTaskStatus.Approved)
        {
            throw task.Task.IsBeingRecovered
                ? new ClaudeTaskException(
                    ClaudeTaskErrorId.TaskStateConflict,
                    $"Task {task.Id} has a decision that is not complete: {task.Task.ReasonText}",
                    task.Id,
                    $"Complete it first: Approve-ClaudeTask {task.Id}")
                : AtWork(task.Id);
        }

        if (!force)
        {
            await WorktreeCleanup.RequireNothingLostAsync(database, location, workspace, task).ConfigureAwait(false);
        }

        // A decision that is under way needs the worktree and the objects.
        using var claim = await ReviewLock.TakeAsync(location, task, workspace.Cancellation).ConfigureAwait(false);
        workspace.Shield();
        if (!database.Write(connection => TaskTable.Remove(connection, task)))
        {
            throw AtWork(task.Id);
        }

        await DeleteFilesAsync(database, location, [Leftover.Of(task)]).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes a session with its tasks. Returns false, and removes nothing, if these are no longer the tasks that were read.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was removed.</exception>
    public static async Task<bool> RemoveSessionAsync(
        Database database, StoreLocation location, long session, IReadOnlyList<TaskRecord> tasks, CancellationToken cancellation)
    {
        // All tasks of a session are in one repository, whose decisions take one lock.
        using var claim = tasks.Count == 0 ? null : await ReviewLock.TakeAsync(location, tasks[0], cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (!database.Write(connection => SessionTable.Remove(connection, session, tasks)))
        {
            return false;
        }

        await DeleteFilesAsync(database, location, [.. tasks.Select(Leftover.Of)]).ConfigureAwait(false);
        return true;
    }

    /// <summary>Deletes the files of tasks whose removal was cut off. What cannot be deleted now is left for the next sweep.</summary>
    public static async Task SweepAsync(Database database, StoreLocation location)
    {
        try
        {
            await DeleteFilesAsync(database, location, database.Read(LeftoverTable.All)).ConfigureAwait(false);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException
            or ClaudeTaskException
            {
                ErrorId: not (ClaudeTaskErrorId.StoreBusy or ClaudeTaskErrorId.StoreCorrupt or ClaudeTaskErrorId.StoreUnusable)
            })
        {
        }
    }

    /// <summary>Deletes the files of removed tasks. Where some cannot be deleted, it deletes the others before it throws.</summary>
    public static async Task DeleteFilesAsync(Database database, StoreLocation location, IReadOnlyList<Leftover> leftovers)
    {
        Exception? first = null;
        foreach (var leftover in leftovers)
        {
            try
            {
                await WorktreeCleanup.DeleteAsync(leftover).ConfigureAwait(false);
                DeleteFolder(location.ObjectsPath(leftover.TaskId));
                database.Write(connection => LeftoverTable.Remove(connection, leftover.TaskId));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ClaudeTaskException)
            {
                first ??= e;
            }
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>A sweep of another process may delete the same folder at this moment.</summary>
    private static void DeleteFolder(string folder)
    {
        while (Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
            }
        }
    }

    private static ClaudeTaskException AtWork(int id) => new(
        ClaudeTaskErrorId.TaskStateConflict, $"Task {id} is at work and cannot be removed.", id, $"Stop it first: Stop-ClaudeTask {id}");
}
