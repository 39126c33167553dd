using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Registers and runs gates, and reads their results.</summary>
public sealed class TaskGates
{
    private readonly EngineContext _context;

    internal TaskGates(EngineContext context) => _context = context;

    /// <summary>Adds a gate, or replaces the one of that name in the same repository.</summary>
    /// <exception cref="ClaudeTaskException">It cannot be a gate, or its repository is none.</exception>
    public async Task<ClaudeTaskGate> RegisterAsync(ClaudeTaskGate gate, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(gate);
        PromptRules.CheckGate(gate);
        UserOnly.Require(_context.Database, "The registration of a gate");
        var repository = await FindRepositoryAsync(gate.Repository, cancellation).ConfigureAwait(false);
        gate = gate with { Repository = repository?.Root };
        _context.Database.Write(connection => GateTable.Save(
            connection, gate, repository is null ? null : RepositoryTable.GetOrAdd(connection, repository.CommonFolder)));
        return gate;
    }

    /// <summary>Removes a gate. Its results stay.</summary>
    /// <exception cref="ClaudeTaskException">There is none of that name there.</exception>
    public async Task UnregisterAsync(string name, string? repository, CancellationToken cancellation)
    {
        UserOnly.Require(_context.Database, "The removal of a gate");
        var found = await FindRepositoryAsync(repository, cancellation).ConfigureAwait(false);
        if (!_context.Database.Write(connection => GateTable.Remove(
            connection, name, found is null ? null : RepositoryTable.GetOrAdd(connection, found.CommonFolder))))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GateNotFound,
                $"There is no gate '{name}' {(found is null ? "for all repositories" : $"for '{found.Root}'")}.",
                name,
                "Get-ClaudeTaskGate lists the gates there are.");
        }
    }

    /// <summary>Returns all gates, or the gates that would run in a repository in their order.</summary>
    /// <param name="repository">A folder in the repository; null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<IReadOnlyList<ClaudeTaskGate>> GetAsync(string? repository, CancellationToken cancellation)
    {
        var found = await FindRepositoryAsync(repository, cancellation).ConfigureAwait(false);
        return _context.Database.Read(connection => found is null
            ? GateTable.All(connection)
            : GateTable.ForRepository(connection, RepositoryTable.Find(connection, found.CommonFolder)));
    }

    /// <summary>Returns the results of a task's gates, oldest first.</summary>
    /// <exception cref="ClaudeTaskException">There is no such task.</exception>
    public IReadOnlyList<ClaudeTaskGateResult> GetResults(int id)
    {
        _context.Find(id);
        return _context.Database.Read(connection => GateTable.Results(connection, id));
    }

    /// <summary>
    /// Requests that gates run again on a task that waits for a decision. Returns as soon as a worker is started for them.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="names">The gates; null for all gates of its repository.</param>
    /// <param name="host">Where the worker runs.</param>
    /// <param name="cancellation">Ends the call before the request is made.</param>
    /// <exception cref="ClaudeTaskException">The task does not wait for a decision, or there is no such gate.</exception>
    public async Task RequestAsync(int id, IReadOnlyList<string>? names, WorkerHost host, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _context.Recovery.Look();
        var task = _context.Find(id);
        var gates = FindNames(_context.Database, task.RepositoryId, names, task.Task.Repository);
        var worker = Guid.NewGuid();
        var asked = _context.Database.Write(connection =>
        {
            EngineContext.RequireNoDecision(connection, id);
            WorkerTable.Add(connection, worker);
            return GateTable.Request(connection, id, gates, worker) || !WorkerTable.RemoveIfIdle(connection, worker);
        });
        if (!asked)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"Task {id} is {task.Task.Status}; its gates can be run while it is WaitingApproval or QaFailed.",
                id,
                $"Get-ClaudeTask {id} shows why.");
        }

        await new WorkerLauncher(_context.Database, _context.Location, host).StartAsync(worker, () => _context.Database.Write(connection =>
        {
            GateTable.WithdrawRequest(connection, id);
            WorkerTable.RemoveIfIdle(connection, worker);
        })).ConfigureAwait(false);
    }

    /// <summary>Returns the names of registered gates as they are written there.</summary>
    /// <exception cref="ClaudeTaskException">There is none, or not the one that was named.</exception>
    internal static List<string> FindNames(Database database, long? repository, IReadOnlyList<string>? names, string folder)
    {
        var known = database.Read(connection => GateTable.ForRepository(connection, repository)).ConvertAll(gate => gate.Name);
        var missing = names?.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase));
        return missing is null && (known.Count > 0 || names is { Count: 0 })
            ? names is null ? known : [.. names]
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.GateNotFound,
                missing is null ? $"No gate is registered for '{folder}'." : $"There is no gate '{missing}' for '{folder}'.",
                missing,
                known.Count > 0 ? $"The options are: {string.Join(", ", known)}." : "Register one: Register-ClaudeTaskGate");
    }

    private static async Task<GitRepository?> FindRepositoryAsync(string? folder, CancellationToken cancellation) =>
        folder is null ? null : await GitRepository.FindAsync(folder, cancellation).ConfigureAwait(false);
}
