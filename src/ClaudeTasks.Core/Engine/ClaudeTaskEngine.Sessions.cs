using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <content>Sessions. A name and a repository name one.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>The sessions of a repository, or of all, oldest first.</summary>
    /// <param name="repository">A folder in the repository, or null.</param>
    public IReadOnlyList<ClaudeTaskSession> GetSessions(string? repository = null) => [.. FindSessions(repository).Select(row => row.Session)];

    /// <summary>Whether there is a session with this name, in any repository; case does not matter.</summary>
    public bool HasSession(string name) => _database.Read(connection => SessionTable.Exists(connection, name));

    /// <summary>Makes a session that has no task yet.</summary>
    /// <param name="name">The name.</param>
    /// <param name="repository">A folder in the repository.</param>
    /// <exception cref="ClaudeTaskException">The name cannot be used or is taken, or there is no such repository.</exception>
    public ClaudeTaskSession CreateSession(string name, string repository)
    {
        PromptRules.CheckSession(name);
        var key = GitRepository.FindAsync(repository).GetAwaiter().GetResult().CommonFolder;
        var made = _database.Write<long?>(connection =>
        {
            var repositoryId = RepositoryTable.GetOrAdd(connection, key);
            return SessionTable.Find(connection, repositoryId, name) is null ? SessionTable.GetOrAdd(connection, repositoryId, name) : null;
        });
        return FindSessions(null).SingleOrDefault(row => row.Id == made)?.Session ?? throw SessionExists(name, repository);
    }

    /// <summary>Gives a session another name.</summary>
    /// <exception cref="ClaudeTaskException">There is no such session, or the new name cannot be used or is taken.</exception>
    public ClaudeTaskSession RenameSession(string name, string repository, string newName)
    {
        PromptRules.CheckSession(newName);
        var row = FindSession(name, repository);
        return _database.Write(connection => SessionTable.Rename(connection, row.Id, newName))
            ? row.Session with { Name = newName }
            : throw SessionExists(newName, row.Session.Repository);
    }

    /// <summary>Removes a session with its tasks and all that is recorded of them. The files in the repository stay as they are.</summary>
    /// <exception cref="ClaudeTaskException">There is no such session, or a task of it is at work or has a work tree with work that would be lost; then nothing was removed.</exception>
    public void RemoveSession(string name, string repository)
    {
        RecoverLostTasks();
        var row = FindSession(name, repository);
        var tasks = _database.Read(connection => TaskTable.OfSession(connection, row.Id));
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
            using var workspace = Workspace.Open(_location.WorkspacesFolder);
            WorktreeCleanup.RequireNothingLostAsync(_database, _location, workspace, task).GetAwaiter().GetResult();
        }

        if (!TaskRemoval.RemoveSessionAsync(_database, _location, row.Id, tasks).GetAwaiter().GetResult())
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"The tasks of the session '{name}' changed while it was removed. Nothing was removed.",
                name,
                "Look at its tasks, then remove the session again.");
        }
    }

    /// <summary>The numbers of a session's tasks in the order of time.</summary>
    /// <exception cref="ClaudeTaskException">There is no such session.</exception>
    public IReadOnlyList<int> GetSessionTasks(string name, string repository)
    {
        var row = FindSession(name, repository);
        return _database.Read(connection => SessionTable.Tasks(connection, row.Id)).ConvertAll(task => task.Id);
    }

    /// <summary>The name exactly as it is written, so that what was read before names the same session now.</summary>
    private SessionRow FindSession(string name, string repository) =>
        FindSessions(repository).SingleOrDefault(row => row.Session.Name == name) ?? throw new ClaudeTaskException(
            ClaudeTaskErrorId.SessionNotFound,
            $"There is no session '{name}' in '{repository}'.",
            name,
            "Get-ClaudeTaskSession lists the sessions there are.");

    /// <summary>The sessions of a repository that is gone are still found by the folder they show.</summary>
    private List<SessionRow> FindSessions(string? repository)
    {
        var rows = _database.Read(SessionTable.Read);
        if (repository is null)
        {
            return rows;
        }

        var keys = rows.Where(row => row.Session.Repository == repository).Select(row => row.RepositoryKey).ToHashSet();
        if (keys.Count == 0)
        {
            keys.Add(GitRepository.FindAsync(repository).GetAwaiter().GetResult().CommonFolder);
        }

        return rows.FindAll(row => keys.Contains(row.RepositoryKey));
    }

    private static ClaudeTaskException SessionExists(string name, string repository) => new(
        ClaudeTaskErrorId.SessionExists,
        $"There is a session '{name}' in '{repository}' already.",
        name,
        $"Add tasks to it with Start-ClaudeTask -Session '{name}', or choose another name.");
}
