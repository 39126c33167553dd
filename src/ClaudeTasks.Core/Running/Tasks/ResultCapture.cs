using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <summary>
/// Takes the result of a task, whoever ran it, and keeps three sets of changes apart: the task's own, what was uncommitted before it, and
/// what others committed while it ran.
/// </summary>
internal static class ResultCapture
{
    /// <summary>Returns how many files the task changed; null when it never had a base.</summary>
    /// <param name="database">The store.</param>
    /// <param name="location">Where its folders are.</param>
    /// <param name="workspace">The operation's workspace.</param>
    /// <param name="id">The task.</param>
    /// <param name="repository">Its work tree.</param>
    /// <param name="byGates">What gates changed in it, as trees before and after.</param>
    public static async Task<int?> SaveAsync(
        Database database,
        StoreLocation location,
        Workspace workspace,
        int id,
        GitRepository repository,
        IReadOnlyList<(string From, string To)>? byGates = null)
    {
        var record = database.Read(connection => TaskTable.Find(connection, id));
        if (record?.BaseTree is not { } baseTree)
        {
            return null;
        }

        var task = record.Task;
        var snapshots = new SnapshotStore(repository, location.ObjectsPath(task.TaskId), workspace);
        var moves = await HeadHistory.ReadAsync(
            repository, task.StartingCommit, task.TaskId, isOwn: task.Worktree is not null).ConfigureAwait(false);
        var committed = new List<(string From, string To)>();
        foreach (var move in moves.Where(move => !move.IsTasks))
        {
            committed.Add((
                await repository.ReadTreeAsync(move.From).ConfigureAwait(false),
                await repository.ReadTreeAsync(move.To).ConfigureAwait(false)));
        }

        var othersTree = await snapshots.FollowAsync(baseTree, committed).ConfigureAwait(false);
        var reviewTree = await snapshots.FollowAsync(othersTree, byGates ?? []).ConfigureAwait(false);
        var (resultTree, problem) = await snapshots.TakeAsync().ConfigureAwait(false);
        var startTree = await repository.ReadTreeAsync(task.StartingCommit).ConfigureAwait(false);
        var own = await DiffAsync(reviewTree, resultTree).ConfigureAwait(false);
        var before = await DiffAsync(startTree, baseTree).ConfigureAwait(false);
        var meanwhile = await DiffAsync(baseTree, othersTree).ConfigureAwait(false);
        await snapshots.KeepRawAsync(reviewTree, resultTree).ConfigureAwait(false);
        snapshots.Keep();
        database.Write(connection =>
        {
            TaskTable.Set(connection, id, ("result_tree", resultTree), ("review_tree", reviewTree));
            ChangeTable.Save(
                connection,
                id,
                [.. own.Changes, .. From(before, ClaudeTaskChangeSource.Before), .. From(meanwhile, ClaudeTaskChangeSource.Meanwhile)]);
        });
        if (problem is not null)
        {
            Record(ClaudeTaskEventKind.Warning, $"The diff is not complete; git said: {problem}");
        }

        if (await SubmoduleWork.FindUncommittedAsync(repository).ConfigureAwait(false) is { Count: > 0 } uncommitted)
        {
            Record(
                ClaudeTaskEventKind.Warning,
                "Not part of the diff, as no commit of this repository could hold it: "
                    + $"uncommitted work in the submodule {NameList.Of(uncommitted)}");
        }

        await TellSetupAsync(database, location, task, repository).ConfigureAwait(false);

        var links = own.Changes.Select(item => item.Change)
            .Where(change => change.NewMode == TreeEntry.SubmoduleMode && change.OldMode != TreeEntry.SubmoduleMode);
        if (await SubmoduleWork.FindNestedAsync(repository, links.Select(change => change.Path)).ConfigureAwait(false) is
            { Count: > 0 } nested)
        {
            Record(
                ClaudeTaskEventKind.Warning,
                $"Claude made a repository inside the repository: {NameList.Of(nested)}. A commit holds only a link to it, and a clone "
                    + "gets an empty folder.");
        }

        if (meanwhile.Changes.Count > 0)
        {
            Record(ClaudeTaskEventKind.Warning, $"Somebody else committed meanwhile; not part of the diff: {Names(meanwhile)}");
        }

        if (moves.Any(move => move.IsTasks))
        {
            Record(
                ClaudeTaskEventKind.Warning,
                "Claude moved HEAD itself; a rejection puts the files back, and leaves its commits where they are.");
        }

        if (own.Changes.Count > 0)
        {
            Record(ClaudeTaskEventKind.Notice, Summary(own));
        }

        if (problem is not null && own.Changes.Count == 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"git took nothing of what changed in '{repository.Root}', so what the task did there is not known: {problem}",
                repository.Root,
                "Fix what Git reports, or let Git ignore it, and look at the files before you restart the task.");
        }

        return own.Changes.Count;

        Task<TreeDiff> DiffAsync(string from, string to) => TreeDiff.TakeAsync(snapshots.Git, workspace, from, to);
        void Record(ClaudeTaskEventKind kind, string text) =>
            database.Write(connection => EventLog.Append(connection, id, new EventDraft(kind, text)));
    }

    /// <summary>Tells what changed of the repository's setup, by the agent or by code of its that a gate ran.</summary>
    public static async Task TellSetupAsync(Database database, StoreLocation location, ClaudeTask task, GitRepository repository)
    {
        var setup = new TaskSetup(location.ObjectsPath(task.TaskId));
        if (await setup.EndAsync(repository, isOwn: task.Worktree is not null).ConfigureAwait(false) is { Count: > 0 } changed)
        {
            var names = NameList.Of([.. changed.Select(item => item.ToString())]);
            var text = $"While the task ran, the setup of the repository changed: {names}.";
            database.Write(connection => EventLog.Append(connection, task.Id, new EventDraft(ClaudeTaskEventKind.Warning, text)));
        }
    }

    /// <summary>What was changed while the task paused is somebody else's: the base of a task that goes on follows it.</summary>
    public static async Task FollowPauseAsync(
        Database database, StoreLocation location, Workspace workspace, TaskRecord record, GitRepository repository)
    {
        if (record.BaseTree is not { } baseTree || (record.ResultTree ?? (record.Resumes ? null : baseTree)) is not { } left)
        {
            // Without a result it is not known what an agent left; when none had begun, it left the base.
            return;
        }

        var snapshots = new SnapshotStore(repository, location.ObjectsPath(record.Task.TaskId), workspace);
        var (now, problem) = await snapshots.TakeAsync().ConfigureAwait(false);
        if (problem is not null)
        {
            database.Write(connection => EventLog.Append(connection, record.Id, new EventDraft(
                ClaudeTaskEventKind.Warning, $"The changes made while the task paused are not all known; git said: {problem}")));
        }

        var meanwhile = await TreeReader.CompareAsync(snapshots.Git, left, now).ConfigureAwait(false);
        if (meanwhile.Count == 0)
        {
            return;
        }

        // Where the task had changed a file itself, the two cannot be told apart by trees; the file stays the task's.
        var followed = await snapshots.FollowAsync(baseTree, [(left, now)]).ConfigureAwait(false);
        var diff = await TreeDiff.TakeAsync(snapshots.Git, workspace, left, now).ConfigureAwait(false);
        await snapshots.KeepRawAsync(left, now).ConfigureAwait(false);
        snapshots.Keep();
        database.Write(connection =>
        {
            TaskTable.Set(connection, record.Id, ("base_tree", followed));
            EventLog.Append(
                connection,
                record.Id,
                new EventDraft(ClaudeTaskEventKind.Notice, $"Changed by somebody while the task paused: {Names(diff)}"));
        });
    }

    private static string Names(TreeDiff diff) => NameList.Of([.. diff.Changes.Select(item => item.Change.Path)]);

    private static IEnumerable<FileDiff> From(TreeDiff diff, ClaudeTaskChangeSource source) =>
        diff.Changes.Select(item => item with { Change = item.Change with { Source = source } });

    private static string Summary(TreeDiff diff)
    {
        var files = diff.Changes.Count == 1 ? "1 file changed" : $"{diff.Changes.Count} files changed";
        return $"{files}, +{diff.Changes.Sum(item => item.Change.Additions ?? 0)} -{diff.Changes.Sum(item => item.Change.Deletions ?? 0)}";
    }
}
