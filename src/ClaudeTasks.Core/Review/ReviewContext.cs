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
/// One task under decision: its changes, its repositories, and the steps that approval, rejection and undo share. Used under the decision
/// lock of the repository.
/// </summary>
internal sealed class ReviewContext
{
    public ReviewContext(Database database, Workspace workspace, TaskRecord task, GitRepository home, string objectsFolder)
    {
        Database = database;
        Workspace = workspace;
        Task = task;
        Home = home;
        ObjectsFolder = objectsFolder;
        Use(home);
    }

    public Database Database { get; }

    public Workspace Workspace { get; }

    public TaskRecord Task { get; set; }

    /// <summary>The working tree that the user named.</summary>
    public GitRepository Home { get; }

    /// <summary>The working tree that has the task's changes; <see cref="Home"/> while the task's own has been taken away.</summary>
    public GitRepository Repository { get; private set; } = null!;

    public SnapshotStore Snapshots { get; private set; } = null!;

    public CommitMaker Commits { get; private set; } = null!;

    public List<PathChange> Changes { get; set; } = [];

    public string Trailer => $"Claude-Task: {Task.Task.TaskId}";

    /// <summary>Our ref that keeps the task's result.</summary>
    public string Reference => $"refs/claude-tasks/{Task.Task.TaskId}";

    /// <summary>What the task changed of the repository's setup.</summary>
    public TaskSetup Setup => new(ObjectsFolder);

    private string ObjectsFolder { get; }

    /// <summary>Works in another working tree of the repository from here on.</summary>
    public void Use(GitRepository repository) => (Repository, Snapshots, Commits) = In(repository);

    public (GitRepository Repository, SnapshotStore Snapshots, CommitMaker Commits) In(GitRepository repository)
    {
        var snapshots = new SnapshotStore(repository, ObjectsFolder, Workspace);
        return (repository, snapshots, new CommitMaker(repository, snapshots, Workspace));
    }

    public Task<GitRepository> FindAsync(string folder) => GitRepository.FindAtAsync(folder, Workspace.Cancellation);

    public Task<WorkTreeEditor> OpenEditorAsync(GitRepository checkout) =>
        WorkTreeEditor.OpenAsync(checkout, In(checkout).Snapshots, Workspace);

    public UserIndex IndexOf(GitRepository checkout) => new(checkout, In(checkout).Snapshots);

    public List<Decision> Decisions() => Database.Read(connection => DecisionTable.Read(connection, Task.Id));

    public void Move(SqliteConnection connection, ClaudeTaskStatus from, ClaudeTaskStatus to, string? text = null)
    {
        // The reason of its run's end stays true, whatever is decided on it.
        if (!TaskTable.Move(connection, Task.Id, from, to, reasonText: text, keepsReason: true))
        {
            throw Changed();
        }
    }

    /// <summary>
    /// Makes sure, in the transaction that begins a decision, that the task is as it was opened and that no gate is to run. Records who
    /// decides.
    /// </summary>
    /// <param name="connection">The transaction's connection.</param>
    /// <param name="decision">What the caller does, such as <c>Approval</c>.</param>
    /// <exception cref="ClaudeTaskException">Another command was faster. Nothing was changed.</exception>
    public void Begin(SqliteConnection connection, string decision)
    {
        var now = TaskTable.Find(connection, Task.Id);
        if (now?.Task.Status != Task.Task.Status)
        {
            throw Changed();
        }

        if (now.GateRequest is not null)
        {
            throw Conflict($"The gates of task {Task.Id} are about to run.", $"Wait for them: Wait-ClaudeTask {Task.Id}");
        }

        EventLog.Append(connection, Task.Id, new EventDraft(ClaudeTaskEventKind.Notice, $"{decision} by {Caller.Name}."));
    }

    /// <summary>Whether nothing is left to decide once a decision that is not done yet counts as done.</summary>
    public bool IsAllDecidedWith(long decision)
    {
        var decided = Decisions().Where(item => item.State == DecisionState.Done || item.Id == decision)
            .SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        return Changes.All(change => decided.Contains(change.RawPath));
    }

    /// <summary>The open changes that are decided together when some paths are named.</summary>
    public List<PathChange> Select(Func<string, bool> matches)
    {
        var decided = Decisions().SelectMany(item => item.Paths).ToHashSet(StringComparer.Ordinal);
        var paths = OpenChanges.Select(OpenChanges.Read(Database, Task.Id), matches).SelectMany(change => change.TouchedPaths)
            .ToHashSet(StringComparer.Ordinal);
        var selected = Changes.Where(change => !decided.Contains(change.RawPath) && paths.Contains(Shown(change))).ToList();
        return selected.Count > 0
            ? selected
            : throw Conflict(
                $"Task {Task.Id} has no open change with such a path.", $"Get-ClaudeTaskDiff {Task.Id} -Stat lists its changes.");
    }

    /// <summary>What was staged before the task, and what it staged on its way.</summary>
    public async Task<(Dictionary<string, TreeEntry> Before, Dictionary<string, TreeEntry> ByTask)> ReadStagingAsync()
    {
        var before = await Snapshots.ReadStagedAsync(Task.BaseTree!).ConfigureAwait(false);
        var after = await Snapshots.ReadStagedAsync(Task.ResultTree!).ConfigureAwait(false);
        return (before, after
            .Where(item => !(before.TryGetValue(item.Key, out var entry) && entry.IsSameAs(item.Value)))
            .ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>Sets files of a checkout, which must still be as they were before or as they will be.</summary>
    public async Task PutAsync(GitRepository checkout, IReadOnlyList<PathChange> changes, bool back)
    {
        var editor = await OpenUneditedAsync(checkout, changes).ConfigureAwait(false);
        await editor.PutAsync([.. changes.Select(change => (change.RawPath, back ? change.Base : change.Result))]).ConfigureAwait(false);
    }

    /// <summary>Opens a checkout in which nobody edited these files since.</summary>
    /// <exception cref="ClaudeTaskException">Somebody did.</exception>
    public async Task<WorkTreeEditor> OpenUneditedAsync(GitRepository checkout, IReadOnlyList<PathChange> changes)
    {
        var editor = await OpenEditorAsync(checkout).ConfigureAwait(false);
        var now = await editor.ReadAsync().ConfigureAwait(false);
        RefuseEdited(
            changes.Where(change => !IsOneOf(TreeReader.At(now, change.RawPath), change)),
            "Save or undo those edits first.",
            editor.Problem);
        return editor;
    }

    public void RefuseEdited(IEnumerable<PathChange> edited, string fix, string? problem = null)
    {
        var files = edited.Select(Shown).ToList();
        if (files.Count > 0)
        {
            var gates = Database.Read(connection => GateTable.Results(connection, Task.Id))
                .SelectMany(result => result.ChangedFiles, (result, file) => (result.Name, File: file))
                .ToLookup(item => item.File, item => item.Name, StringComparer.Ordinal);
            files = files.ConvertAll(file => gates.Contains(file) ? $"{file} (by the gate '{gates[file].Last()}')" : file);
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince,
                $"Changed since task {Task.Id} ended, and left alone: {NameList.Of(files)}."
                    + $"{(problem is null ? "" : $" git said: {problem}")}",
                Task.Id,
                fix);
        }
    }

    public void RequireStatus(string verb, ClaudeTaskStatus[] allowed)
    {
        if (!allowed.Contains(Task.Task.Status))
        {
            throw Conflict(
                $"Task {Task.Id} is {Task.Task.Status} and cannot be {verb}.",
                Decisions().Count > 0 ? $"It was decided already. Take that back first: Undo-ClaudeTask {Task.Id}"
                    : Task.Task.Status == ClaudeTaskStatus.QaFailed
                    ? $"Ask Claude to fix it (Repair-ClaudeTask {Task.Id}), or commit it anyway: Approve-ClaudeTask {Task.Id} -Force"
                    : Task.Task.IsSettled
                    ? $"Get-ClaudeTask {Task.Id} | Format-List shows why."
                    : $"Wait for it: Wait-ClaudeTask {Task.Id}");
        }
    }

    /// <summary>The index of a checkout that has to follow a decision.</summary>
    public async Task RequireIndexAsync(string? checkout)
    {
        if (checkout is not null && Directory.Exists(checkout))
        {
            await IndexOf(await FindAsync(checkout).ConfigureAwait(false)).RequireUnlockedAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The repository's lease, which only a task without a work tree of its own needs.</summary>
    public void TakeLease()
    {
        if (Task.Task.Worktree is null && !Database.Write(connection => DecisionTable.TakeLease(connection, Task)))
        {
            throw Conflict(
                $"Another task is at work in '{Repository.Root}', or waits there for a decision.",
                $"Wait for it or decide on it first: Get-ClaudeTask -Repository '{Repository.Root}'");
        }
    }

    public void GiveLeaseBack(SqliteConnection connection, ClaudeTaskStatus status)
    {
        if (StatusMoves.IsTerminal(status))
        {
            connection.Execute("DELETE FROM leases WHERE task_id = $id", ("$id", Task.Id));
        }
    }

    private ClaudeTaskException Changed() => Conflict(
        $"Another command changed task {Task.Id} at the same moment. This decision was not made.",
        $"Look at the task, then decide: Get-ClaudeTask {Task.Id}");

    public ClaudeTaskException Conflict(string message, string fix) => new(ClaudeTaskErrorId.TaskStateConflict, message, Task.Id, fix);

    public static bool IsOneOf(TreeEntry entry, PathChange change) => entry.IsSameAs(change.Base) || entry.IsSameAs(change.Result);

    public static string Shown(PathChange change) => TreeDiff.Decode(Encoding.Latin1.GetBytes(change.RawPath));

    public static string IndexName(long decision) => decision.ToString(CultureInfo.InvariantCulture);

    public static string Short(string? commit) => commit is { Length: > 10 } ? commit[..10] : commit ?? "none";
}
