using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>A worker inside the caller's process, on threads of its own. When the process ends, its agents are ended first.</summary>
internal static class InProcessWorker
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(20);

    public static async Task StartAsync(Database database, StoreLocation location, Guid id, IQuestionScript? script)
    {
        var worker = await Worker.TryStartAsync(database, location, id, isOwnProcess: false, script).ConfigureAwait(false)
            ?? throw new InvalidOperationException("another process took it over before it began.");
        var run = Task.Run(async () =>
        {
            using (worker)
            {
                await worker.RunAsync().ConfigureAwait(false);
            }
        });

        void OnExit(object? sender, EventArgs e)
        {
            // What the run threw must not become the crash of a process that is ending.
            worker.Terminate();
            Task.WaitAny([run], ExitLimit);
        }

        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _ = run.ContinueWith(_ => AppDomain.CurrentDomain.ProcessExit -= OnExit, TaskScheduler.Default);
    }
}
