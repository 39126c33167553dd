using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using ClaudeTasks.Text;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Review;

/// <summary>
/// A person's decisions on what a task changed: commit it, put it back, or take a decision back. One at a time in a repository; what is
/// begun is written down before anything is touched, and the next decision on the task finishes or undoes what a crash left.
/// </summary>
internal sealed partial class TaskReview : IDisposable
{
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(30);

    private readonly Database _database;
    private readonly LockFile _lock;
    private readonly string _folder;
    private readonly GitRepository _home;
    private readonly TaskWorktree? _worktree;

    private TaskReview(Database database, LockFile claim, TaskRecord task, GitRepository home, string folder)
    {
        _database = database;
        _lock = claim;
        _folder = folder;
        _home = home;
        _worktree = task.Task is { Worktree: { } tree, Branch: { } branch } ? new TaskWorktree(home, tree, branch) : null;
        Task = task;
        (Repository, Snapshots, Commits) = In(home);
    }

    private TaskRecord Task { get; set; }

    /// <summary>The work tree that has the task's changes; the user's own while the task's has been taken away.</summary>
    private GitRepository Repository { get; set; }

    private SnapshotStore Snapshots { get; set; }

    private CommitMaker Commits { get; set; }

    private List<PathChange> Changes { get; set; } = [];

    /// <summary>The decision that a crash had cut off and that opening the task brought to its end.</summary>
    private DecisionKind? Finished { get; set; }

    private string Trailer => $"Claude-Task: {Task.Task.TaskId}";

    private string Reference => $"refs/claude-tasks/{Task.Task.TaskId}";

    /// <summary>Keeps where the task's own branch was, if its agent committed there.</summary>
    private string BranchReference => Reference + "-branch";

    /// <summary>Opens a task for a decision, and mends what an earlier one that was cut off left.</summary>
    /// <exception cref="ClaudeTaskException">The task has no result, its repository is gone, or somebody else is deciding there.</exception>
    public static async Task<TaskReview> OpenAsync(Database database, StoreLocation location, TaskRecord task)
    {
        if (task is not { ReviewTree: { } baseTree, ResultTree: { } resultTree })
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.DiffNotAvailable, $"Task {task.Id} has no result to decide on ({task.Task.Status}).", task.Id, $"Get-ClaudeTask {task.Id} tells where it is.");
        }

        var home = await GitRepository.FindAsync(task.Task.Repository).ConfigureAwait(false);
        var review = new TaskReview(
            database, await LockAsync(location.DecisionLockPath(task.RepositoryId), task.Id).ConfigureAwait(false), task, home, location.ObjectsPath(task.Task.TaskId));
        try
        {
            review.Changes = await TreeReader.CompareAsync(home.Root, baseTree, resultTree, review.Snapshots.Environment).ConfigureAwait(false);
            if (review._worktree is { Exists: true })
            {
                (review.Repository, review.Snapshots, review.Commits) = review.In(await GitRepository.FindAsync(task.WorkFolder).ConfigureAwait(false));
            }

            await review.MendAsync().ConfigureAwait(false);
            review.Task = database.Read(connection => TaskTable.Find(connection, task.Id)) ?? task;
            return review;
        }
        catch
        {
            review.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private (GitRepository Repository, SnapshotStore Snapshots, CommitMaker Commits) In(GitRepository repository)
    {
        var snapshots = new SnapshotStore(repository, _folder);
        return (repository, snapshots, new CommitMaker(repository, snapshots, _folder));
    }

    private async Task MendAsync()
    {
        foreach (var open in Decisions().Where(decision => decision.State != DecisionState.Done))
        {
            var selected = Changes.Where(change => open.Paths.Contains(change.RawPath)).ToList();
            var mending = (open.State, open.Kind) switch
            {
                (DecisionState.BeingTakenBack, _) => MendUndoAsync(open, selected),
                (_, DecisionKind.Reject) => MendRejectionAsync(open, selected),
                _ => MendApprovalAsync(open),
            };
            await mending.ConfigureAwait(false);
        }
    }

    private List<Decision> Decisions() => _database.Read(connection => DecisionTable.Read(connection, Task.Id));

    private void Move(SqliteConnection connection, ClaudeTaskStatus from, ClaudeTaskStatus to, string? text = null)
    {
        if (!TaskTable.Move(connection, Task.Id, from, to, ClaudeTaskReason.None, text))
        {
            throw Conflict($"Task {Task.Id} was moved by somebody else meanwhile.", $"Look at it again: Get-ClaudeTask {Task.Id}");
        }

        // Why its run ended as it did stays true, whatever is decided of it.
        TaskTable.Set(connection, Task.Id, ("reason", (int)Task.Task.Reason), ("reason_text", Task.Task.ReasonText));
    }

    /// <summary>Whether nothing is left to decide once a decision that is not done yet counts as done.</summary>
    private bool IsAllDecidedWith(long decision)
    {
        var decided = Decisions().Where(item => item.State == DecisionState.Done || item.Id == decision)
            .SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        return Changes.All(change => decided.Contains(change.RawPath));
    }

    private List<PathChange> Select(Func<string, bool> matches)
    {
        var decided = Decisions().SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        var pairs = _database.Read(connection => ChangeTable.Read(connection, Task.Id))
            .Where(change => change.Source == ClaudeTaskChangeSource.Task && change.TouchedPaths.Any(matches))
            .SelectMany(change => change.TouchedPaths)
            .ToHashSet(StringComparer.Ordinal);
        var named = Changes.Where(change => !decided.Contains(change.RawPath) && pairs.Contains(Shown(change))).ToList();

        // A file and the folder that took its place can't be there both, so they are decided together.
        var selected = Changes.Where(change => !decided.Contains(change.RawPath)
            && named.Any(other => change == other || IsBelow(change.RawPath, other.RawPath) || IsBelow(other.RawPath, change.RawPath))).ToList();
        return selected.Count > 0
            ? selected
            : throw Conflict($"Task {Task.Id} has no open change with such a path.", $"Get-ClaudeTaskDiff {Task.Id} -Stat lists its changes.");
    }

    /// <summary>What was staged before the task, and what it staged on its way.</summary>
    private async Task<(Dictionary<string, TreeEntry> Before, Dictionary<string, TreeEntry> ByTask)> ReadStagingAsync()
    {
        var before = await Snapshots.ReadStagedAsync(Task.BaseTree!).ConfigureAwait(false);
        var after = await Snapshots.ReadStagedAsync(Task.ResultTree!).ConfigureAwait(false);
        return (before, after.Where(item => !(before.TryGetValue(item.Key, out var entry) && entry.IsSameAs(item.Value))).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>Sets files of a checkout, which must still be as they were before or as they shall be.</summary>
    private async Task PutAsync(GitRepository checkout, IReadOnlyList<PathChange> changes, bool back)
    {
        using var editor = await OpenUneditedAsync(checkout, changes).ConfigureAwait(false);
        await editor.PutAsync([.. changes.Select(change => (change.RawPath, back ? change.Base : change.Result))]).ConfigureAwait(false);
    }

    private async Task<WorkTreeEditor> OpenUneditedAsync(GitRepository checkout, IReadOnlyList<PathChange> changes)
    {
        var snapshots = new SnapshotStore(checkout, _folder);
        var editor = await WorkTreeEditor.OpenAsync(checkout, snapshots, _folder).ConfigureAwait(false);
        try
        {
            var now = await TreeReader.ReadTreeAsync(checkout.Root, editor.Tree, snapshots.Environment).ConfigureAwait(false);
            RefuseEdited(changes.Where(change => !IsOneOf(TreeReader.At(now, change.RawPath), change)), "Save or undo those edits first.");
            return editor;
        }
        catch
        {
            editor.Dispose();
            throw;
        }
    }

    private void RefuseEdited(IEnumerable<PathChange> edited, string fix)
    {
        var files = edited.Select(Shown).ToList();
        if (files.Count > 0)
        {
            var gates = _database.Read(connection => GateTable.Results(connection, Task.Id))
                .SelectMany(result => result.ChangedFiles, (result, file) => (result.Name, File: file)).ToLookup(item => item.File, item => item.Name, StringComparer.Ordinal);
            files = files.ConvertAll(file => gates.Contains(file) ? $"{file} (by the gate '{gates[file].Last()}')" : file);
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince, $"Changed since task {Task.Id} ended, and left alone: {NameList.Of(files)}.", Task.Id, fix);
        }
    }

    private void RequireStatus(string verb, ClaudeTaskStatus[] allowed)
    {
        if (!allowed.Contains(Task.Task.Status))
        {
            throw Conflict(
                $"Task {Task.Id} is {Task.Task.Status} and cannot be {verb}.",
                Decisions().Count > 0 ? $"It was decided already. Take that back first: Undo-ClaudeTask {Task.Id}"
                    : Task.Task.Status == ClaudeTaskStatus.QaFailed
                    ? $"Have Claude mend it (Repair-ClaudeTask {Task.Id}), or commit it all the same: Approve-ClaudeTask {Task.Id} -Force"
                    : Task.Task.IsSettled ? $"Get-ClaudeTask {Task.Id} | Format-List tells why it is there." : $"Wait for it: Wait-ClaudeTask {Task.Id}");
        }
    }

    /// <summary>The index of a checkout that has to follow a decision.</summary>
    private async Task RequireIndexAsync(string? checkout)
    {
        if (checkout is not null && Directory.Exists(checkout))
        {
            await new UserIndex(await GitRepository.FindAsync(checkout).ConfigureAwait(false), _folder).RequireUnlockedAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The repository's lease, which only a task without a work tree of its own needs.</summary>
    private void TakeLease()
    {
        if (_worktree is null && !_database.Write(connection => DecisionTable.TakeLease(connection, Task)))
        {
            throw Conflict($"Another task is at work in '{Repository.Root}', or waits there for a decision.", $"Wait for it or decide on it first: Get-ClaudeTask -Repository '{Repository.Root}'");
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

    private static string IndexName(long decision) => decision.ToString(CultureInfo.InvariantCulture);

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
            ClaudeTaskErrorId.TaskStateConflict, $"Task {task} waits for its turn: for {LockLimit.TotalSeconds:0} seconds somebody else has been deciding on a task of the same repository.", task,
            "Nothing was changed. Wait for them, then try again.");
    }
}
