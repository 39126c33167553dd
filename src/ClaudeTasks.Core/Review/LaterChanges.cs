using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>The changes that somebody made in a task's working tree after the task's result was taken.</summary>
/// <param name="Files">The changed files.</param>
/// <param name="Problem">git's words on what it could not read; null when it read everything.</param>
internal sealed record LaterChanges(IReadOnlyList<ClaudeTaskChange> Files, string? Problem)
{
    /// <summary>Compares the working tree as it is now with the task's result.</summary>
    public static async Task<LaterChanges> FindAsync(StoreLocation location, Workspace workspace, TaskRecord record)
    {
        var repository = await GitRepository.FindAtAsync(record.WorkFolder, workspace.Cancellation).ConfigureAwait(false);
        var snapshots = new SnapshotStore(repository, location.ObjectsPath(record.Task.TaskId), workspace);
        var (now, problem) = await snapshots.TakeAsync().ConfigureAwait(false);
        if (problem is not null)
        {
            // A file may have been deleted while git looked, which a second look does not meet.
            (now, problem) = await snapshots.TakeAsync().ConfigureAwait(false);
        }

        var diff = await TreeDiff.TakeAsync(snapshots.Git, workspace, record.ResultTree!, now).ConfigureAwait(false);
        var files = diff.Changes.Select(file => file.Change with
        {
            Source = ClaudeTaskChangeSource.Meanwhile, Task = record.Id, Patch = Encoding.UTF8.GetString(file.Patch.Span),
        });
        return new LaterChanges([.. files], problem);
    }
}
