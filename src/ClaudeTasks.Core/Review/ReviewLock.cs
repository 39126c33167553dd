using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>One decision at a time in a repository, across processes.</summary>
internal static class ReviewLock
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the lock of a task's repository.</summary>
    /// <exception cref="ClaudeTaskException">Another process keeps it for longer than 30 seconds.</exception>
    public static async Task<LockFile> TakeAsync(StoreLocation location, TaskRecord task, CancellationToken cancellation)
    {
        return await Poll.ForLockAsync(location.DecisionLockPath(task.RepositoryId), Limit, cancellation).ConfigureAwait(false)
            ?? throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"Task {task.Id} waited {Limit.TotalSeconds:0} seconds for another decision in the same repository. Nothing was changed.",
                task.Id,
                "Run the command again when the other decision has ended.");
    }
}
