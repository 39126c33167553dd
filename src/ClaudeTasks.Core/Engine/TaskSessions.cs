using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Creates, renames, lists and removes sessions. A name and a repository identify a session.</summary>
public sealed class TaskSessions
{
    private readonly EngineContext _context;

    internal TaskSessions(EngineContext context) => _context = context;

    /// <summary>Returns the sessions of a repository, or of all, oldest first.</summary>
    /// <param name="repository">A folder in the repository, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<IReadOnlyList<ClaudeTaskSession>> GetAllAsync(string? repository, CancellationToken cancellation) =>
        [.. (await FindAllAsync(repository, cancellation).ConfigureAwait(false)).Select(row => row.Session)];

    /// <summary>Returns whether a session has this name, in any repository. Case does not matter.</summary>
    public bool Exists(string name) => _context.Database.Read(connection => SessionTable.Exists(connection, name));

    /// <summary>Creates a session that has no task yet.</summary>
    /// <param name="name">The name.</param>
    /// <param name="repository">A folder in the repository.</param>
    /// <param name="cancellation">Ends the call before the session is created.</param>
    /// <exception cref="ClaudeTaskException">The name cannot be used or is taken, or there is no such repository.</exception>
    public async Task<ClaudeTaskSession> CreateAsync(string name, string repository, CancellationToken cancellation)
    {
        PromptRules.CheckSession(name);
        var key = (await GitRepository.FindAsync(repository, cancellation).ConfigureAwait(false)).CommonFolder;
        var made = _context.Database.Write<long?>(connection =>
        {
            var repositoryId = RepositoryTable.GetOrAdd(connection, key);
            return SessionTable.Find(connection, repositoryId, name) is null ? SessionTable.GetOrAdd(connection, repositoryId, name) : null;
        });
        return _context.Database.Read(SessionTable.Read).SingleOrDefault(row => row.Id == made)?.Session
            ?? throw NameTaken(name, repository);
    }

    /// <summary>Renames a session.</summary>
    /// <exception cref="ClaudeTaskException">There is no such session, or the new name cannot be used or is taken.</exception>
    public async Task<ClaudeTaskSession> RenameAsync(string name, string repository, string newName, CancellationToken cancellation)
    {
        PromptRules.CheckSession(newName);
        var row = await FindAsync(name, repository, cancellation).ConfigureAwait(false);
        return _context.Database.Write(connection => SessionTable.Rename(connection, row.Id, newName))
            ? row.Session with { Name = newName }
            : throw NameTaken(newName, row.Session.Repository);
    }

    /// <summary>Removes a session with its tasks and all that is recorded of them. The files in the repository stay as they are.</summary>
    /// <exception cref="ClaudeTaskException">
    /// There is no such session, or a task of it is at work or has a work tree with work that would be lost; then nothing was removed.
    /// </exception>
    public async Task RemoveAsync(string name, string repository, CancellationToken cancellation)
    {
        UserOnly.Require(_context.Database, "The removal of a session");
        _context.Recovery.Look();
        var row = await FindAsync(name, repository, cancellation).ConfigureAwait(false);
        var tasks = _context.Database.Read(connection => TaskTable.OfSession(connection, row.Id));
        var atWork = tasks.Select(task => task.Task)
            .Where(task => StatusMoves.IsActive(task.Status) || task.Status == ClaudeTaskStatus.Approved).Select(task => task.Id).ToList();
        if (atWork.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"The session '{name}' cannot be removed while a task of it is at work: task {string.Join(", ", atWork)}.",
                name,
                $"Wait for it, or stop it first: Stop-ClaudeTask {string.Join(", ", atWork)}");
        }

        foreach (var task in tasks)
        {
            using var workspace = Workspace.Open(_context.Location.WorkspacesFolder, cancellation);
            await WorktreeCleanup.RequireNothingLostAsync(_context.Database, _context.Location, workspace, task).ConfigureAwait(false);
        }

        if (!await TaskRemoval.RemoveSessionAsync(_context.Database, _context.Location, row.Id, tasks, cancellation).ConfigureAwait(false))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"The tasks of the session '{name}' changed while it was removed. Nothing was removed.",
                name,
                "Look at its tasks, then remove the session again.");
        }
    }

    /// <summary>Returns the numbers of a session's tasks in the order of time.</summary>
    /// <exception cref="ClaudeTaskException">There is no such session.</exception>
    public async Task<IReadOnlyList<int>> GetTasksAsync(string name, string repository, CancellationToken cancellation)
    {
        var row = await FindAsync(name, repository, cancellation).ConfigureAwait(false);
        return _context.Database.Read(connection => SessionTable.Tasks(connection, row.Id)).ConvertAll(task => task.Id);
    }

    /// <summary>The name exactly as it is written, so that what was read before names the same session now.</summary>
    private async Task<SessionRow> FindAsync(string name, string repository, CancellationToken cancellation) =>
        (await FindAllAsync(repository, cancellation).ConfigureAwait(false)).SingleOrDefault(row => row.Session.Name == name)
            ?? throw new ClaudeTaskException(
                ClaudeTaskErrorId.SessionNotFound,
                $"There is no session '{name}' in '{repository}'.",
                name,
                "Get-ClaudeTaskSession lists the sessions there are.");

    /// <summary>The sessions of a repository that is gone are still found by the folder they show.</summary>
    private async Task<List<SessionRow>> FindAllAsync(string? repository, CancellationToken cancellation)
    {
        var rows = _context.Database.Read(SessionTable.Read);
        if (repository is null)
        {
            return rows;
        }

        var keys = rows.Where(row => row.Session.Repository == repository).Select(row => row.RepositoryKey).ToHashSet();
        if (keys.Count == 0)
        {
            keys.Add((await GitRepository.FindAsync(repository, cancellation).ConfigureAwait(false)).CommonFolder);
        }

        return rows.FindAll(row => keys.Contains(row.RepositoryKey));
    }

    private static ClaudeTaskException NameTaken(string name, string repository) => new(
        ClaudeTaskErrorId.SessionExists,
        $"There is a session '{name}' in '{repository}' already.",
        name,
        $"Add tasks to it with Start-ClaudeTask -Session '{name}', or choose another name.");
}
