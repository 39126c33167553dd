using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>Removes a task with all that is kept of it, whoever asks for it: a person, or the rule on how long tasks are kept.</summary>
internal static class TaskRemoval
{
    /// <summary>Removes the task, unless somebody has moved it since it was read.</summary>
    /// <exception cref="ClaudeTaskException">It is at work, or its work tree has work that would be lost and <paramref name="force"/> is not set.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the task is still there.</exception>
    public static async Task RemoveAsync(Database database, StoreLocation location, TaskRecord task, bool force, CancellationToken cancellation = default)
    {
        using var workspace = Workspace.Open(location.WorkspacesFolder, cancellation);
        if (StatusMoves.IsActive(task.Task.Status) || task.Task.Status == ClaudeTaskStatus.Approved)
        {
            throw AtWork(task.Id);
        }

        if (!force)
        {
            await WorktreeCleanup.RequireNothingLostAsync(database, location, workspace, task).ConfigureAwait(false);
        }

        // A decision that is under way needs the worktree and the objects.
        using var claim = await ReviewLock.TakeAsync(location, task, workspace.Cancellation).ConfigureAwait(false);
        workspace.Shield();
        await WorktreeCleanup.RemoveAsync(task).ConfigureAwait(false);
        database.Write(connection =>
        {
            TaskQueue.HandOver(connection, task.Id);
            if (connection.Execute(
                "DELETE FROM tasks WHERE id = $id AND status = $status", ("$id", task.Id), ("$status", StatusMoves.ToStore(task.Task.Status))) == 0)
            {
                throw AtWork(task.Id);
            }
        });

        var objects = location.ObjectsPath(task.Task.TaskId);
        if (Directory.Exists(objects))
        {
            Directory.Delete(objects, recursive: true);
        }
    }

    private static ClaudeTaskException AtWork(int id) => new(
        ClaudeTaskErrorId.TaskStateConflict, $"Task {id} is at work and cannot be removed.", id, $"Stop it first: Stop-ClaudeTask {id}");
}
