using System.ComponentModel;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>Starts workers where a host says: in processes of their own, or in this process.</summary>
/// <param name="database">The store.</param>
/// <param name="location">Where the store is.</param>
/// <param name="host">Where workers run.</param>
internal sealed class WorkerLauncher(Database database, StoreLocation location, WorkerHost host)
{
    /// <summary>Starts a worker. Where that fails, the caller takes back the work that was meant for it.</summary>
    /// <param name="worker">The worker's ID.</param>
    /// <param name="takeBack">Undoes what the caller wrote to the store for this worker.</param>
    /// <exception cref="ClaudeTaskException">The worker could not be started.</exception>
    public async Task StartAsync(Guid worker, Action takeBack)
    {
        try
        {
            if (host is WorkerHost.Detached detached)
            {
                // Its working folder is the store's, so that it keeps none of the user's busy; a relative name of the store must not follow
                // it.
                var process = DetachedProcess.Start(
                    detached.Program,
                    detached.Arguments(worker),
                    detached.StartupHook,
                    location.Folder,
                    (StoreLocation.HomeVariable, location.Folder),
                    (exitCode, errors) => WorkerFiles.SaveDeath(location, worker, exitCode, errors));
                database.Write(connection => WorkerTable.SetLaunched(connection, worker, process));
            }
            else
            {
                await InProcessWorker.StartAsync(
                    database, location, worker, (host as WorkerHost.InProcess)?.QuestionScript).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            takeBack();
            var program = (host as WorkerHost.Detached)?.Program;
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.WorkerNotStarted,
                program is null
                    ? $"No worker could be started in this process: {e.Message}"
                    : $"No worker could be started with '{program}': {e.Message}",
                program,
                program is null
                    ? "Leave -InProcess out, so that a process of its own runs it."
                    : "Use -InProcess to run it inside this session.",
                e);
        }
    }
}
