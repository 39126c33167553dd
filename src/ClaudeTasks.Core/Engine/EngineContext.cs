using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;
using ClaudeTasks.Streaming;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Engine;

/// <summary>The state that the topics of one engine share. Thread-safe.</summary>
internal sealed class EngineContext : IDisposable
{
    private readonly ChangeSignal _changes;

    public EngineContext(StoreLocation location)
    {
        Location = location;
        Database = Database.Open(location);
        Recovery = new Recovery(Database, location, AdoptAsync);
        Stream = new TaskStream(Database, _changes = new ChangeSignal(Database, Recovery.Look));
        LastWorker = new LastWorker(Database, location);
    }

    public StoreLocation Location { get; }

    public Database Database { get; }

    /// <summary>Follows tasks.</summary>
    public TaskStream Stream { get; }

    /// <summary>Recovers the tasks of dead workers and interrupted decisions, in the background.</summary>
    public Recovery Recovery { get; }

    public LastWorker LastWorker { get; }

    public Func<WorkerHost>? ReplacementHost { get; set; }

    public static ClaudeTaskException NotFound(object id) =>
        new(ClaudeTaskErrorId.TaskNotFound, $"There is no task {id}.", id, "Get-ClaudeTask lists the tasks there are.");

    public static ClaudeTaskException Conflict(string message, int id, string fix) =>
        new(ClaudeTaskErrorId.TaskStateConflict, message, id, fix);

    /// <summary>Makes sure that no decision on a task is being made or undone.</summary>
    /// <exception cref="ClaudeTaskException">One is, so nothing else can change the task.</exception>
    public static void RequireNoDecision(SqliteConnection connection, int id)
    {
        if (DecisionTable.IsUnfinished(connection, id))
        {
            throw Conflict(
                $"A decision on task {id} is being made at this moment.", id, $"Look at the task again: Get-ClaudeTask {id}");
        }
    }

    /// <summary>The task with this number.</summary>
    /// <exception cref="ClaudeTaskException">There is none.</exception>
    public TaskRecord Find(int id) => Database.Read(connection => TaskTable.Find(connection, id)) ?? throw NotFound(id);

    /// <summary>
    /// Finds the key of the repository that a folder is in; null without a folder. The tasks of a repository that is gone are still found
    /// by the folder they ran in.
    /// </summary>
    public async Task<string?> FindRepositoryKeyAsync(string? folder, CancellationToken cancellation)
    {
        try
        {
            return folder is null ? null : (await GitRepository.FindAsync(folder, cancellation).ConfigureAwait(false)).CommonFolder;
        }
        catch (ClaudeTaskException e) when (e.ErrorId == ClaudeTaskErrorId.RepositoryNotFound
            && Database.Read(connection => TaskTable.HasFolder(connection, folder!)))
        {
            return folder;
        }
    }

    /// <summary>Starts a worker for tasks that were given to it. If that fails, the tasks wait for a person to resume them.</summary>
    public Task LaunchAsync(Guid worker, WorkerHost host, IReadOnlyList<int> tasks) =>
        new WorkerLauncher(Database, Location, host).StartAsync(worker, () => Database.Write(connection =>
        {
            foreach (var task in tasks)
            {
                TaskQueue.Hold(
                    connection,
                    task,
                    ClaudeTaskReason.Suspended,
                    $"No worker could be started for it. Go on with it: Resume-ClaudeTask {task}");
            }

            WorkerTable.RemoveIfIdle(connection, worker);
        }));

    public void Dispose()
    {
        _changes.Dispose();
        Recovery.Dispose();
        Database.Dispose();
    }

    private async Task<bool> AdoptAsync(IReadOnlyList<int> tasks)
    {
        if (ReplacementHost is not { } host)
        {
            return false;
        }

        var worker = Guid.NewGuid();
        Database.Write(connection =>
        {
            WorkerTable.Add(connection, worker);
            WorkerTable.Give(connection, tasks, worker);
        });
        await LaunchAsync(worker, host(), tasks).ConfigureAwait(false);
        return true;
    }
}
