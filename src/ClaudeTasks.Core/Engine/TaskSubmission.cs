using System.Security.Cryptography;
using System.Text;
using ClaudeTasks.Agent;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Engine;

/// <summary>
/// The tasks of one call: they share a worker, which lives already or is started with the first of them, so that none waits for the last
/// and a call that is cut off has left nothing that nobody runs. Not thread-safe.
/// </summary>
public sealed class TaskSubmission
{
    private readonly EngineContext _context;
    private readonly WorkerHost _host;
    private readonly Dictionary<string, GitRepository> _repositories = [];
    private readonly Dictionary<(string Root, string? Above), IReadOnlyList<string>> _loaded = [];
    private Guid? _worker;

    internal TaskSubmission(EngineContext context, WorkerHost host)
    {
        _context = context;
        _host = host;
        _worker = host is WorkerHost.Detached detached ? context.LastWorker.Find(detached) : null;
    }

    /// <summary>
    /// What the user should know of the repository of the task that was added last, before its agent starts; null where there is nothing
    /// new.
    /// </summary>
    public string? Warning { get; private set; }

    /// <summary>The worker of the task that was added last; null before the first.</summary>
    public Guid? Worker => _worker;

    /// <summary>Whether that worker was started for that task, instead of one that was running already.</summary>
    public bool StartedWorker { get; private set; }

    /// <summary>Checks the request, writes the task to the store and makes sure that a worker runs for it. Returns at once.</summary>
    /// <exception cref="ClaudeTaskException">The request cannot be a task, or nothing can run it; then no task is left.</exception>
    public async Task<ClaudeTask> AddAsync(ClaudeTaskRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = SettingDefinition.Layer(request, ClaudeTaskSettings.Defaults);
        PromptRules.Check(request);
        if (UserOnly.Permits(request))
        {
            UserOnly.Require(_context.Database, "A task with more permissions than the defaults");
        }

        var repository = await FindRepositoryAsync(request.Repository, cancellation).ConfigureAwait(false);
        PromptRules.CheckWorktree(request, repository.Root);
        CheckOthers(request, repository);
        if (request.Gate is { } gates)
        {
            var known = _context.Database.Read(connection => RepositoryTable.Find(connection, repository.CommonFolder));
            TaskGates.FindNames(_context.Database, known, gates, repository.Root);
        }

        var brought = request.Isolated == true ? [] : await FindLoadedAsync(repository, request).ConfigureAwait(false);
        var settings = StoreJson.Write(request);
        var (id, worker) = _context.Database.Write(connection =>
        {
            // The worker ends when its tasks have ended, which may be before the next one comes.
            var isNew = _worker is not { } known || !WorkerTable.Exists(connection, known);
            var worker = isNew ? Guid.NewGuid() : _worker!.Value;
            if (isNew)
            {
                WorkerTable.Add(connection, worker);
            }

            var repositoryId = RepositoryTable.GetOrAdd(connection, repository.CommonFolder);
            var session = SessionTable.GetOrAdd(connection, repositoryId, request.Session);
            var task = TaskTable.Insert(connection, request, settings, Guid.NewGuid(), repository.Root, session, repositoryId, worker);
            Warning = brought.Count > 0 ? Tell(connection, repositoryId, repository.Root, brought) : null;
            if (Warning is not null)
            {
                EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Warning, Warning));
            }

            if (request.Worktree == true)
            {
                var (folder, branch) = WorktreePlace.Of(request.WorktreeFolder ?? _context.Location.WorktreesFolder, task, request.Prompt);
                TaskTable.Set(connection, task, ("worktree", folder), ("branch", branch));
            }

            return (task, worker);
        });

        StartedWorker = _worker != worker;
        if (StartedWorker)
        {
            await new WorkerLauncher(_context.Database, _context.Location, _host).StartAsync(
                worker,
                () => _context.Database.Write(connection =>
                {
                    TaskTable.Delete(connection, id);
                    WorkerTable.RemoveIfIdle(connection, worker);
                })).ConfigureAwait(false);
            _worker = worker;
            if (_host is WorkerHost.Detached detached)
            {
                _context.LastWorker.Set(detached, worker);
            }
        }

        return _context.Find(id).Task;
    }

    /// <summary>
    /// The tasks it names exist, and the conversation is one of the same repository. As a task can only name tasks that are there already,
    /// no circle of them can come about.
    /// </summary>
    private void CheckOthers(ClaudeTaskRequest request, GitRepository repository)
    {
        foreach (var id in request.Start.DependsOn)
        {
            _ = _context.Database.Read(connection => TaskTable.Find(connection, id)) ?? throw EngineContext.NotFound(id);
        }

        if (request.Continues is not { } first)
        {
            return;
        }

        var task = _context.Database.Read(connection => TaskTable.Find(connection, first)) ?? throw EngineContext.NotFound(first);
        if (task.RepositoryId != _context.Database.Read(connection => RepositoryTable.Find(connection, repository.CommonFolder)))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument,
                $"Task {first} is one of '{task.Task.Repository}', where its conversation belongs.",
                first,
                "Leave -Repository out.");
        }

        if (task.Task is { IsSettled: true, IsSuspended: false, ConversationId: null })
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.ConversationNotFound,
                $"Task {first} ended before it had a conversation ({task.Task.Reason}).",
                first,
                $"Restart the task: Restart-ClaudeTask {first}");
        }

        if (task.Task is { Worktree: { } tree, IsEnded: false })
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"Task {first} works in a work tree of its own, '{tree}'.",
                first,
                $"Say it there: Send-ClaudeTaskMessage {first} '…'. Or decide on it first.");
        }
    }

    private async Task<IReadOnlyList<string>> FindLoadedAsync(GitRepository repository, ClaudeTaskRequest request)
    {
        var above = request.Worktree == true
            ? request.WorktreeFolder ?? _context.Location.WorktreesFolder
            : Path.GetDirectoryName(repository.Root);
        if (!_loaded.TryGetValue((repository.Root, above), out var found))
        {
            found = ProjectFiles.Find(repository.Root, above, await repository.ReadTrackedAsync().ConfigureAwait(false));
            _loaded.Add((repository.Root, above), found);
        }

        return found;
    }

    /// <summary>What the repository makes Claude Code run, where it was not told before as it is now.</summary>
    private static string? Tell(SqliteConnection connection, long repository, string root, IReadOnlyList<string> brought) =>
        RepositoryTable.Tell(
            connection, repository, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', brought)))))
            ? $"Without asking, Claude Code uses what '{root}' and the folders above it define: {string.Join("; ", brought)}. "
                + "-Isolated ignores all of it."
            : null;

    private async Task<GitRepository> FindRepositoryAsync(string folder, CancellationToken cancellation)
    {
        if (!_repositories.TryGetValue(folder, out var repository))
        {
            repository = await GitRepository.FindAsync(folder, cancellation).ConfigureAwait(false);
            _repositories.Add(folder, repository);
        }

        return repository;
    }
}
