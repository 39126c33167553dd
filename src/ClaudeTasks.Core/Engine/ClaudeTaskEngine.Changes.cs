using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <content>What tasks changed, and removing all that is kept of it.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>
    /// Removes a task and all that is recorded of it, its own work tree too. The files in its repository, and a branch that somebody
    /// committed to, stay as they are.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="force">Deletes its own work tree even with changes on which nobody decided, or that somebody made there since.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, it is at work, or its work tree has work that would be lost.</exception>
    public void Remove(int id, bool force = false)
    {
        RecoverLostTasks();
        TaskRemoval.RemoveAsync(_database, _location, Find(id), force).GetAwaiter().GetResult();
    }

    /// <summary>
    /// The tasks that ended before a moment and were left alone since, oldest first; without those that a task which has not ended needs.
    /// </summary>
    public IReadOnlyList<int> FindEnded(DateTime before) => _database.Read(connection => RetentionTable.EndedBefore(connection, before));

    /// <summary>Gives the room that removed tasks have left in the store's file back to the disk.</summary>
    public void Compact() => Compaction.Run(_database, () => false);

    /// <summary>The files a task changed, or those that others changed beside it.</summary>
    /// <param name="id">The task.</param>
    /// <param name="source">Whose changes. What was changed since the task ended is looked for now, as long as the task waits for a decision.</param>
    /// <param name="withPatches">Reads their patches too; without them, the caller does not wait until a large diff is unpacked.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, or its changes are not known (yet).</exception>
    public IReadOnlyList<ClaudeTaskChange> GetChanges(int id, ClaudeTaskChangeSource source = ClaudeTaskChangeSource.Task, bool withPatches = true)
    {
        CheckHasDiff(id);
        var changes = _database.Read(connection => withPatches ? ChangeTable.ReadWithPatches(connection, id) : ChangeTable.Read(connection, id))
            .Where(change => change.Source == source);
        var record = Find(id);
        if (source != ClaudeTaskChangeSource.Meanwhile || record.Task.Status is not (ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed))
        {
            return [.. changes];
        }

        using var workspace = Workspace.Open(_location.WorkspacesFolder);
        var later = LaterChanges.FindAsync(_location, workspace, record).GetAwaiter().GetResult();
        return later.Problem is null
            ? [.. changes, .. later.Files]
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"git cannot read every file of '{record.WorkFolder}', so the changes since task {id} ended are not known: {later.Problem}",
                id,
                "Make the files readable, or have git ignore them.");
    }

    /// <summary>The files of a task on which nothing was decided yet, without their patches.</summary>
    /// <exception cref="ClaudeTaskException">There is no such task, or its changes are not known (yet).</exception>
    public IReadOnlyList<ClaudeTaskChange> GetOpenChanges(int id)
    {
        var decided = _database.Read(connection => DecisionTable.Read(connection, id)).SelectMany(decision => decision.Paths)
            .Select(path => TreeDiff.Decode(Encoding.Latin1.GetBytes(path))).ToHashSet(StringComparer.Ordinal);
        return [.. GetChanges(id, withPatches: false).Where(change => !decided.Contains(change.Path))];
    }

    /// <summary>
    /// The patch of a task, which <c>git apply</c> takes. It is valid UTF-8: a file whose text is not stands in it as a binary patch.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="matches">Chooses the files; all when null.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, or its changes are not known (yet).</exception>
    public byte[] GetPatch(int id, Func<ClaudeTaskChange, bool>? matches = null)
    {
        CheckHasDiff(id);
        return _database.Read(connection => ChangeTable.ReadPatch(connection, id, matches));
    }

    private void CheckHasDiff(int id)
    {
        if (Find(id).Task is { FilesChanged: null } task)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.DiffNotAvailable,
                task.IsSettled ? $"Task {id} has no diff: it ended before there was one ({task.Status})." : $"Task {id} has no diff yet ({task.Status}).",
                id,
                task.IsSettled ? $"Get-ClaudeTask {id} tells why it ended." : $"Wait for it: Wait-ClaudeTask {id}");
        }
    }
}
