using ClaudeTasks.Git;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <summary>Takes the result of a task, whoever ran it, and keeps what changed since its base.</summary>
internal static class ResultCapture
{
    /// <summary>Returns how many files changed; null when the task never had a base.</summary>
    public static async Task<int?> SaveAsync(Database database, StoreLocation location, int id, GitRepository repository)
    {
        var record = database.Read(connection => TaskTable.Find(connection, id));
        if (record?.BaseTree is not { } baseTree)
        {
            return null;
        }

        var snapshots = new SnapshotStore(repository, location.ObjectsPath(record.Task.TaskId));
        var (resultTree, problem) = await snapshots.TakeAsync(default).ConfigureAwait(false);
        var diff = await TreeDiff.TakeAsync(repository.Root, baseTree, resultTree, snapshots.Environment, default).ConfigureAwait(false);
        database.Write(connection =>
        {
            TaskTable.Set(connection, id, ("result_tree", resultTree));
            ChangeTable.Save(connection, id, diff.Changes, diff.Patch);
        });
        if (problem is not null)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Warning, $"The diff is not complete; git said: {problem}"));
        }

        if (diff.Changes.Count > 0)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Notice, Summary(diff)));
        }

        return diff.Changes.Count;

        void Record(EventDraft draft) => database.Write(connection => EventLog.Append(connection, id, draft));
    }

    private static string Summary(TreeDiff diff)
    {
        var files = diff.Changes.Count == 1 ? "1 file changed" : $"{diff.Changes.Count} files changed";
        return $"{files}, +{diff.Changes.Sum(item => item.Change.Additions ?? 0)} -{diff.Changes.Sum(item => item.Change.Deletions ?? 0)}";
    }
}
