using System.Reactive.Linq;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Streaming;

/// <summary>
/// Everything that follows tasks subscribes here: recorded events first, then live ones, with no gap and no duplicate, because both are
/// read from the store by their number. Observers are called on pool threads, one call at a time. No subscription holds a thread while
/// nothing happens, and an observer that blocks stops its own reader only.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="changes">Tells when to look again.</param>
internal sealed class TaskStream(Database database, ChangeSignal changes)
{
    /// <summary>A number that changes with every commit to the store; the current one first. Never ends.</summary>
    public IObservable<long> Changes =>
        Observable.Create<long>((observer, stopping) => Task.Run(() => WatchAsync(observer, stopping), CancellationToken.None));

    /// <summary>
    /// Tasks and their events until <paramref name="isLast"/> accepts an update of each. What is stored comes task by task, and what is new
    /// comes as it is written. After about a second without news, a task's update comes again. The last update of a removed task says so.
    /// </summary>
    /// <param name="tasks">The tasks, as they are known.</param>
    /// <param name="after">Leaves out the events up to this number.</param>
    /// <param name="kinds">Only events of these kinds; all when empty, no events when null.</param>
    /// <param name="isLast">Decides on a caught-up update whether it is the last one of its task.</param>
    public IObservable<ClaudeTaskUpdate> Observe(
        IReadOnlyCollection<ClaudeTask> tasks,
        int after,
        IReadOnlyCollection<ClaudeTaskEventKind>? kinds,
        Func<ClaudeTaskUpdate, bool> isLast) =>
        Observable.Create<ClaudeTaskUpdate>((observer, stopping) => Task.Run(
            () => new TaskReader(database, changes, kinds, isLast, observer, stopping).RunAsync(tasks, after), CancellationToken.None));

    private async Task WatchAsync(IObserver<long> observer, CancellationToken stopping)
    {
        using var listening = changes.Listen();
        for (long? told = null; ;)
        {
            var (next, version) = (changes.Next, changes.Version);
            if (version != told)
            {
                told = version;
                observer.OnNext(version);
            }

            await next.WaitAsync(stopping).ConfigureAwait(false);
        }
    }
}
