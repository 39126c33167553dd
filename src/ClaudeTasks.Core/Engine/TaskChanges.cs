using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Reads the changes that tasks made.</summary>
public sealed class TaskChanges
{
    private readonly EngineContext _context;

    internal TaskChanges(EngineContext context) => _context = context;

    /// <summary>Returns the files that a task changed, or the files that others changed beside it.</summary>
    /// <param name="id">The task.</param>
    /// <param name="source">
    /// Whose changes. Changes since the task's end are looked for now, as long as the task waits for a decision.
    /// </param>
    /// <param name="withPatches">Reads the patches too; without them, the caller does not wait until a large diff is unpacked.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, or its changes are not known (yet).</exception>
    public async Task<IReadOnlyList<ClaudeTaskChange>> GetAsync(
        int id, ClaudeTaskChangeSource source, bool withPatches, CancellationToken cancellation)
    {
        var changes = Read(id, source, withPatches);
        var record = _context.Find(id);
        if (source != ClaudeTaskChangeSource.Meanwhile
            || record.Task.Status is not (ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed))
        {
            return [.. changes];
        }

        cancellation.ThrowIfCancellationRequested();
        using var workspace = Workspace.Open(_context.Location.WorkspacesFolder, cancellation);
        var later = await LaterChanges.FindAsync(_context.Location, workspace, record).ConfigureAwait(false);
        return later.Problem is null
            ? [.. changes, .. later.Files]
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"git cannot read every file of '{record.WorkFolder}', so the changes since task {id} ended are not known: {later.Problem}",
                id,
                "Make the files readable, or have git ignore them.");
    }

    /// <summary>Returns the files that a task changed and that are not decided yet, without their patches.</summary>
    /// <exception cref="ClaudeTaskException">There is no such task, or its changes are not known (yet).</exception>
    public IReadOnlyList<ClaudeTaskChange> GetOpen(int id)
    {
        RequireDiff(id);
        return OpenChanges.Read(_context.Database, id);
    }

    /// <summary>
    /// Returns the files that are decided together when some are named: with a file goes the folder in whose place it is, and with such a
    /// folder all of its files.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="matches">Selects by path.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, or its changes are not known (yet).</exception>
    public IReadOnlyList<ClaudeTaskChange> SelectOpen(int id, Func<string, bool> matches) => OpenChanges.Select(GetOpen(id), matches);

    /// <summary>
    /// Returns the patch of a task, which <c>git apply</c> takes. The patch is valid UTF-8: a file in another encoding is in it as a binary
    /// patch.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="matches">Selects the files; all when null.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, or its changes are not known (yet).</exception>
    public byte[] GetPatch(int id, Func<ClaudeTaskChange, bool>? matches = null)
    {
        RequireDiff(id);
        return _context.Database.Read(connection => ChangeTable.ReadPatch(connection, id, matches));
    }

    /// <summary>Returns the recorded changes of a task.</summary>
    internal IEnumerable<ClaudeTaskChange> Read(int id, ClaudeTaskChangeSource source, bool withPatches)
    {
        RequireDiff(id);
        return _context.Database
            .Read(connection => withPatches ? ChangeTable.ReadWithPatches(connection, id) : ChangeTable.Read(connection, id))
            .Where(change => change.Source == source);
    }

    private void RequireDiff(int id)
    {
        if (_context.Find(id).Task is { FilesChanged: null } task)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.DiffNotAvailable,
                task.IsSettled
                    ? $"Task {id} has no diff: it ended before there was one ({task.Status})."
                    : $"Task {id} has no diff yet ({task.Status}).",
                id,
                task.IsSettled ? $"Get-ClaudeTask {id} tells why it ended." : $"Wait for it: Wait-ClaudeTask {id}");
        }
    }
}
