using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <content>Gates and what they said.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>Adds a gate, or replaces the one of that name in the same repository.</summary>
    /// <exception cref="ClaudeTaskException">It cannot be a gate, or its repository is none.</exception>
    public ClaudeTaskGate RegisterGate(ClaudeTaskGate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        PromptRules.CheckGate(gate);
        var repository = FindGateRepository(gate.Repository);
        gate = gate with { Repository = repository?.Root };
        _database.Write(connection => GateTable.Save(
            connection, gate, repository is null ? null : RepositoryTable.GetOrAdd(connection, repository.CommonFolder)));
        return gate;
    }

    /// <summary>Takes a gate out. What it said of tasks stays.</summary>
    /// <exception cref="ClaudeTaskException">There is none of that name there.</exception>
    public void UnregisterGate(string name, string? repository)
    {
        var found = FindGateRepository(repository);
        if (!_database.Write(connection => GateTable.Remove(
            connection, name, found is null ? null : RepositoryTable.GetOrAdd(connection, found.CommonFolder))))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GateNotFound, $"There is no gate '{name}' {(found is null ? "for all repositories" : $"for '{found.Root}'")}.", name, "Get-ClaudeTaskGate lists the gates there are.");
        }
    }

    /// <summary>All gates; or those that would run in a repository, in their order.</summary>
    /// <param name="repository">A folder in the repository; null for all.</param>
    public IReadOnlyList<ClaudeTaskGate> GetGates(string? repository)
    {
        var found = FindGateRepository(repository);
        return _database.Read(connection => found is null
            ? GateTable.All(connection)
            : GateTable.ForRepository(connection, RepositoryTable.Find(connection, found.CommonFolder)));
    }

    /// <summary>What the gates said of a task, oldest first.</summary>
    /// <exception cref="ClaudeTaskException">There is no such task.</exception>
    public IReadOnlyList<ClaudeTaskGateResult> GetGateResults(int id)
    {
        Find(id);
        return _database.Read(connection => GateTable.Results(connection, id));
    }

    /// <summary>Requests another run of gates on a task that waits for a decision. A worker runs them; the call returns at once.</summary>
    /// <param name="id">The task.</param>
    /// <param name="names">The gates; null for all of its repository.</param>
    /// <param name="host">Where the worker runs.</param>
    /// <exception cref="ClaudeTaskException">The task does not wait for a decision, or there is no such gate.</exception>
    public void RequestGates(int id, IReadOnlyList<string>? names, WorkerHost host)
    {
        RecoverLostTasks();
        var task = Find(id);
        var gates = GateNames(_database, task.RepositoryId, names, task.Task.Repository);
        var worker = Guid.NewGuid();
        var asked = _database.Write(connection =>
        {
            WorkerTable.Add(connection, worker);
            return connection.Execute(
                $"""
                UPDATE tasks SET gate_request = $names, worker = $worker
                WHERE id = $id AND status IN ({StatusList.Undecided}) AND gate_request IS NULL
                """,
                ("$names", StoreJson.Write(gates)),
                ("$worker", worker.ToString()),
                ("$id", id)) == 1 || !WorkerTable.RemoveIfIdle(connection, worker);
        });
        if (!asked)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"Task {id} is {task.Task.Status}; its gates can be run while it is WaitingApproval or QaFailed.",
                id,
                $"Get-ClaudeTask {id} shows why.");
        }

        new WorkerLauncher(_database, _location, host).StartAsync(worker, () => _database.Write(connection =>
        {
            connection.Execute("UPDATE tasks SET gate_request = NULL WHERE id = $id", ("$id", id));
            WorkerTable.RemoveIfIdle(connection, worker);
        })).GetAwaiter().GetResult();
    }

    /// <summary>Has Claude mend what the gates found last, as a further turn in the same conversation; the gates run again after it.</summary>
    /// <param name="id">The task.</param>
    /// <param name="host">Where the turn runs.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, or none of its gates failed.</exception>
    public void Repair(int id, WorkerHost host)
    {
        RecoverLostTasks();
        var status = Get(id).Status;
        var failed = GetGateResults(id).GroupBy(result => result.Name, StringComparer.OrdinalIgnoreCase).Select(results => results.Last())
            .Where(result => result is { Passed: false, IsRequired: true }).ToList();
        if (status != ClaudeTaskStatus.QaFailed || failed.Count == 0)
        {
            throw Conflict($"Task {id} is {status}, and there is nothing for Claude to mend.", id, $"Say in your own words what to do: Send-ClaudeTaskMessage {id} '…'");
        }

        Say(id, RepairPrompt.Of(failed), host);
    }

    /// <summary>The names of registered gates, as they are written there.</summary>
    /// <exception cref="ClaudeTaskException">There is none, or not the one that was named.</exception>
    internal static List<string> GateNames(Database database, long? repository, IReadOnlyList<string>? names, string folder)
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

    private static GitRepository? FindGateRepository(string? folder) => folder is null ? null : GitRepository.FindAsync(folder).GetAwaiter().GetResult();
}
