using System.Collections;
using System.Security.Cryptography;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// The detached worker that this process started last. Later calls give their tasks to it while it lives, so that a loop of calls does not
/// start a process for each; but not once the environment is another, which a worker inherits when it starts. Thread-safe.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="location">Where the lock files are.</param>
internal sealed class LastWorker(Database database, StoreLocation location)
{
    private readonly object _gate = new();
    private (Guid Id, string Start)? _last;

    /// <summary>The worker, if it lives and would be started as it was.</summary>
    public Guid? Find(WorkerHost.Detached host)
    {
        lock (_gate)
        {
            return _last is { } last && last.Start == Describe(host) && IsAlive(last.Id) ? last.Id : null;
        }
    }

    public void Set(WorkerHost.Detached host, Guid worker)
    {
        lock (_gate)
        {
            _last = (worker, Describe(host));
        }
    }

    private bool IsAlive(Guid id) => database.Read(WorkerTable.All).Exists(worker => worker.Id == id
        && (worker.Started ? LockFile.IsHeld(location.LockPath(id)) : worker.Process is { IsAlive: true }));

    /// <summary>
    /// Returns a hash, as the environment holds secrets. A worker does not inherit where the store is, nor the marks by which its caller is
    /// ended.
    /// </summary>
    private static string Describe(WorkerHost.Detached host)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => (string)entry.Key != StoreLocation.HomeVariable && !ProcessTree.Variables.Contains((string)entry.Key))
            .Select(entry => $"{entry.Key}={entry.Value}").Order(StringComparer.Ordinal);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', variables.Prepend(host.Program)))));
    }
}
