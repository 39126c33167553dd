namespace ClaudeTasks.Store;

/// <summary>The files that a removed task leaves on the disk.</summary>
/// <param name="TaskId">The task's GUID, which names its folder of objects.</param>
/// <param name="Folder">The working tree that the user named.</param>
/// <param name="Worktree">The task's own worktree; null where it has none.</param>
/// <param name="Branch">The branch of that worktree.</param>
/// <param name="StartingCommit">The commit at which the branch began.</param>
internal sealed record Leftover(Guid TaskId, string Folder, string? Worktree, string? Branch, string? StartingCommit)
{
    /// <summary>What a task leaves. Git still knows a worktree that was deleted by hand, but none that was never made.</summary>
    public static Leftover Of(TaskRecord record)
    {
        var task = record.Task;
        return task.Worktree is { } worktree && (record.BaseTree is not null || File.Exists(Path.Combine(worktree, ".git")))
            ? new Leftover(task.TaskId, task.Repository, worktree, task.Branch, task.StartingCommit)
            : new Leftover(task.TaskId, task.Repository, null, null, null);
    }
}
