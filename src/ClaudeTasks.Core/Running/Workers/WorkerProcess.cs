using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>This process as a worker: independent of the terminal, and asked to end by a signal at any moment of its life.</summary>
internal static class WorkerProcess
{
    /// <summary>Makes this process a worker's. The token is cancelled when the process is asked to end, for as long as it lives.</summary>
    public static CancellationToken Enter()
    {
        var termination = new CancellationTokenSource();
        DetachedProcess.Enter(termination.Cancel);
        return termination.Token;
    }

    /// <summary>Runs the worker's tasks and returns when they have ended.</summary>
    public static async Task RunAsync(
        Database database, StoreLocation location, Guid id, IQuestionScript? script, CancellationToken termination)
    {
        using var worker = await Worker.TryStartAsync(database, location, id, isOwnProcess: true, script).ConfigureAwait(false);
        if (worker is not null)
        {
            // A signal that came before the worker was there counts too.
            await using var registration = termination.Register(worker.Terminate).ConfigureAwait(false);
            await worker.RunAsync().ConfigureAwait(false);
        }
    }
}
