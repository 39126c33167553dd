using System.Diagnostics;
using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Processes;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Execution;

/// <summary>
/// A person's decisions on what a task changed: commit it, put it back, or take a decision back. One at a time in a repository; what is
/// begun is written down before anything is touched, and the next decision on the task finishes or undoes what a crash left.
/// </summary>
internal sealed partial class TaskReview : IDisposable
{
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(30);

    private readonly Database _database;
    private readonly LockFile _lock;
    private readonly SnapshotStore _snapshots;
    private readonly CommitMaker _commits;
    private readonly string _folder;

    private TaskReview(Database database, LockFile claim, TaskRecord task, GitRepository repository, string folder, List<PathChange> changes)
    {
        _database = database;
        _lock = claim;
        _folder = folder;
        _snapshots = new SnapshotStore(repository, folder);
        _commits = new CommitMaker(repository, _snapshots, folder);
        Task = task;
        Repository = repository;
        Changes = changes;
    }

    private TaskRecord Task { get; set; }

    private GitRepository Repository { get; }

    private List<PathChange> Changes { get; }

    /// <summary>The decision that a crash had cut off and that opening the task brought to its end.</summary>
    private DecisionKind? Finished { get; set; }

    private string Trailer => $"Claude-Task: {Task.Task.TaskId}";

    private string Reference => $"refs/claude-tasks/{Task.Task.TaskId}";

    /// <summary>Opens a task for a decision, and mends what an earlier one that was cut off left.</summary>
    /// <exception cref="ClaudeTaskException">The task has no result, its repository is gone, or somebody else is deciding there.</exception>
    public static async Task<TaskReview> OpenAsync(Database database, StoreLocation location, TaskRecord task)
    {
        if (task is not { BaseTree: { } baseTree, ResultTree: { } resultTree })
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.DiffNotAvailable, $"Task {task.Id} has no result to decide on ({task.Task.Status}).", task.Id, $"Get-ClaudeTask {task.Id} tells where it is.");
        }

        var repository = await GitRepository.FindAsync(task.Task.Repository).ConfigureAwait(false);
        var claim = await LockAsync(location.DecisionLockPath(task.RepositoryId), task.Id).ConfigureAwait(false);
        try
        {
            var folder = location.ObjectsPath(task.Task.TaskId);
            var environment = new SnapshotStore(repository, folder).Environment;
            var changes = await TreeReader.CompareAsync(repository.Root, baseTree, resultTree, environment).ConfigureAwait(false);
            var review = new TaskReview(database, claim, task, repository, folder, changes);
            await review.MendAsync().ConfigureAwait(false);
            review.Task = database.Read(connection => TaskTable.Find(connection, task.Id)) ?? task;
            return review;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Takes the last decision back, exactly.</summary>
    public async Task UndoAsync()
    {
        var last = _database.Read(connection => DecisionTable.Read(connection, Task.Id)).LastOrDefault()
            ?? throw Conflict($"Nothing was decided on task {Task.Id} that could be taken back.", "Get-ClaudeTask tells where it is.");
        var selected = Changes.Where(change => last.Paths.Contains(change.RawPath)).ToList();
        TakeLease();
        try
        {
            if (last.Kind == DecisionKind.Approve)
            {
                await UndoApprovalAsync(last, selected).ConfigureAwait(false);
            }
            else
            {
                using var editor = await WorkTreeEditor.OpenAsync(Repository, _snapshots, _folder).ConfigureAwait(false);
                await RequireUnchangedAsync(editor, selected).ConfigureAwait(false);
                await editor.PutAsync([.. selected.Select(change => (change.RawPath, change.Result))]).ConfigureAwait(false);
            }
        }
        catch
        {
            _database.Write(connection => GiveLeaseBack(connection, Task.Task.Status));
            throw;
        }

        _database.Write(connection =>
        {
            DecisionTable.Remove(connection, last.Id);
            if (Task.Task.Status != last.From)
            {
                Move(connection, Task.Task.Status, last.From, "The decision was taken back.");
            }

            TaskTable.Set(connection, Task.Id, ("committed_sha", null), ("commit_message", null), ("rejected_at", null), ("rejection_reason", null));
        });
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>A decision that was begun and never done: a rejection, and an approval whose commit is there, are finished; an approval without one is undone.</summary>
    private async Task MendAsync()
    {
        var open = _database.Read(connection => DecisionTable.Read(connection, Task.Id)).SingleOrDefault(decision => !decision.IsDone);
        if (open is null)
        {
            return;
        }

        var selected = Changes.Where(change => open.Paths.Contains(change.RawPath)).ToList();
        if (open.Kind == DecisionKind.Reject)
        {
            using var editor = await WorkTreeEditor.OpenAsync(Repository, _snapshots, _folder).ConfigureAwait(false);
            await RequireUnchangedAsync(editor, selected).ConfigureAwait(false);
            await editor.PutAsync([.. selected.Select(change => (change.RawPath, change.Base))]).ConfigureAwait(false);
            FinishRejection(open.Id, open.From, open.Reason);
            Finished = DecisionKind.Reject;
        }
        else if (await _commits.FindAsync(open.Head, Trailer).ConfigureAwait(false) is { } commit)
        {
            var before = await _commits.ReadEntriesAsync(open.Head).ConfigureAwait(false);
            var message = await _commits.ReadMessageAsync(commit).ConfigureAwait(false);
            await FinishApprovalAsync(open.Id, open.From, selected, before, commit, message).ConfigureAwait(false);
            Finished = DecisionKind.Approve;
        }
        else
        {
            Abandon(open.Id, open.From);
        }
    }

    private void Move(SqliteConnection connection, ClaudeTaskStatus from, ClaudeTaskStatus to, string? text = null)
    {
        if (!TaskTable.Move(connection, Task.Id, from, to, ClaudeTaskReason.None, text))
        {
            throw Conflict($"Task {Task.Id} was moved by somebody else meanwhile.", $"Look at it again: Get-ClaudeTask {Task.Id}");
        }

        // Why its run ended as it did stays true, whatever is decided of it.
        TaskTable.Set(connection, Task.Id, ("reason", (int)Task.Task.Reason), ("reason_text", Task.Task.ReasonText));
    }

    private bool IsAllDecided(SqliteConnection connection)
    {
        var decided = DecisionTable.Read(connection, Task.Id).Where(item => item.IsDone).SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        return Changes.All(change => decided.Contains(change.RawPath));
    }

    private List<PathChange> Select(Func<string, bool> matches)
    {
        var decided = _database.Read(connection => DecisionTable.Read(connection, Task.Id)).SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        var pairs = _database.Read(connection => ChangeTable.Read(connection, Task.Id))
            .Where(change => matches(change.Path) || (change.OldPath is { } old && matches(old)))
            .SelectMany(change => new[] { change.Path, change.OldPath })
            .ToHashSet(StringComparer.Ordinal);
        var named = Changes.Where(change => !decided.Contains(change.RawPath) && pairs.Contains(Shown(change))).ToList();

        // A file and the folder that took its place can't be there both, so they are decided together.
        var selected = Changes.Where(change => !decided.Contains(change.RawPath)
            && named.Any(other => change == other || IsBelow(change.RawPath, other.RawPath) || IsBelow(other.RawPath, change.RawPath))).ToList();
        return selected.Count > 0
            ? selected
            : throw Conflict($"Task {Task.Id} has no open change with such a path.", $"Get-ClaudeTaskDiff {Task.Id} -Stat lists its changes.");
    }

    private async Task RequireUnchangedAsync(WorkTreeEditor editor, List<PathChange> selected)
    {
        var now = await TreeReader.ReadTreeAsync(Repository.Root, editor.Tree, _snapshots.Environment).ConfigureAwait(false);
        RefuseEdited(selected.Where(change => !IsOneOf(CommitMaker.At(now, change.RawPath), change)), "Save or undo those edits first.");
    }

    private void RefuseEdited(IEnumerable<PathChange> edited, string fix)
    {
        var files = edited.Select(Shown).ToList();
        if (files.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince,
                $"Changed since task {Task.Id} ended, and left alone: {string.Join(", ", files.Take(20))}{(files.Count > 20 ? $" and {files.Count - 20} more" : "")}.",
                Task.Id,
                fix);
        }
    }

    private void RequireStatus(string verb, ClaudeTaskStatus[] allowed)
    {
        if (!allowed.Contains(Task.Task.Status))
        {
            throw Conflict($"Task {Task.Id} is {Task.Task.Status} and cannot be {verb}.", $"Get-ClaudeTask {Task.Id} tells why it is there.");
        }
    }

    private void TakeLease()
    {
        if (!_database.Write(connection => DecisionTable.TakeLease(connection, Task)))
        {
            throw Conflict($"Another task has '{Repository.Root}'.", "Get-ClaudeTask shows which one; decide on it or wait for it first.");
        }
    }

    private void GiveLeaseBack(SqliteConnection connection, ClaudeTaskStatus status)
    {
        if (StatusMoves.IsTerminal(status))
        {
            connection.Execute("DELETE FROM leases WHERE task_id = $id", ("$id", Task.Id));
        }
    }

    private ClaudeTaskException Conflict(string message, string fix) => new(ClaudeTaskErrorId.TaskStateConflict, message, Task.Id, fix);

    private static bool IsBelow(string path, string folder) => path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal);

    private static bool IsOneOf(TreeEntry entry, PathChange change) => entry.IsSameAs(change.Base) || entry.IsSameAs(change.Result);

    private static string Shown(PathChange change) => TreeDiff.Decode(Encoding.Latin1.GetBytes(change.RawPath));

    private static string Short(string? commit) => commit is { Length: > 10 } ? commit[..10] : commit ?? "none";

    private static async Task<LockFile> LockAsync(string path, int task)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < LockLimit)
        {
            if (LockFile.TryTake(path) is { } claim)
            {
                return claim;
            }

            await System.Threading.Tasks.Task.Delay(20).ConfigureAwait(false);
        }

        throw new ClaudeTaskException(
            ClaudeTaskErrorId.TaskStateConflict, "Somebody else is deciding on a task of the same repository.", task, "Wait for them, then try again.");
    }
}
