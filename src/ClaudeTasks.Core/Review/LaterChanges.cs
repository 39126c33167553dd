using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>What somebody changed in a task's working tree after the task's result was taken.</summary>
internal static class LaterChanges
{
    /// <summary>Compares the working tree as it is now with the task's result.</summary>
    public static async Task<IReadOnlyList<ClaudeTaskChange>> FindAsync(StoreLocation location, TaskRecord record)
    {
        var repository = await GitRepository.FindAsync(record.WorkFolder).ConfigureAwait(false);
        var snapshots = new SnapshotStore(repository, location.ObjectsPath(record.Task.TaskId));
        var (now, _) = await snapshots.TakeAsync(default).ConfigureAwait(false);
        var diff = await TreeDiff.TakeAsync(repository.Root, record.ResultTree!, now, snapshots.Environment, default).ConfigureAwait(false);
        return
        [
            .. diff.Changes.Select(file => file.Change with
            {
                Source = ClaudeTaskChangeSource.Meanwhile, Task = record.Id, Patch = Encoding.UTF8.GetString(file.Patch.Span),
            }),
        ];
    }
}
