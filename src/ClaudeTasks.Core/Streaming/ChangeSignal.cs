using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Streaming;

/// <summary>
/// Tells any number of listeners that something was committed to the store. They share one watcher, which lives as long as anybody
/// listens and has the only thread. Thread-safe.
/// </summary>
internal sealed class ChangeSignal : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly Database _database;
    private readonly Action _everySecond;
    private long _version;
    private TaskCompletionSource _next = Create();
    private CancellationTokenSource? _stopping;
    private int _listeners;

    /// <param name="database">The store.</param>
    /// <param name="everySecond">
    /// Called about once a second while anybody listens, one call at a time, on a pool thread. No listener waits for it.
    /// A store that fails in it fails for every listener, because a task that ended could then look as if it went on for ever.
    /// </param>
    public ChangeSignal(Database database, Action everySecond)
    {
        _database = database;
        _everySecond = everySecond;
    }

    /// <summary>Another one after each commit. Take it before looking at the store.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>
    /// Ends with the next commit, and after about a second without one; fails when the store cannot be watched any more. Take it before
    /// looking at the store, and nothing is missed.
    /// </summary>
    public Task Next
    {
        get
        {
            lock (_lock)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Begins to listen.</summary>
    /// <returns>What ends it, once.</returns>
    public IDisposable Listen()
    {
        lock (_lock)
        {
            if (_listeners == 0)
            {
                var watcher = new ChangeWatcher(_database);

                // Not disposed: the last listener may leave before the thread begins, which needs the token then.
                _stopping = new CancellationTokenSource();
                var stopping = _stopping.Token;
                _next = Create();
                new Thread(() => Watch(watcher, stopping)) { IsBackground = true, Name = "claude-tasks store watcher" }.Start();
            }

            _listeners++;
        }

        return new Listener(this);
    }

    /// <summary>Fails for whoever still listens.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopping?.Cancel();
            _stopping = null;
            _next.TrySetException(new ObjectDisposedException(nameof(ChangeSignal)));
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Watch(ChangeWatcher watcher, CancellationToken stopping)
    {
        try
        {
            using (watcher)
            {
                var (work, sinceWork) = (Task.CompletedTask, Stopwatch.StartNew());
                while (true)
                {
                    if (watcher.Wait(Second, stopping))
                    {
                        Interlocked.Increment(ref _version);
                    }

                    ThrowIfStoreFailed(work);
                    if (sinceWork.Elapsed >= Second && work.IsCompleted)
                    {
                        work = Task.Run(_everySecond, CancellationToken.None);
                        sinceWork.Restart();
                    }

                    Ring(stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception e)
        {
            Fail(e, stopping);
        }
    }

    private static void ThrowIfStoreFailed(Task work)
    {
        if (work.Exception?.InnerException is { } error
            && StoreErrors.IsFailure(error)
            && error is not ClaudeTaskException { ErrorId: ClaudeTaskErrorId.StoreBusy })
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private void Ring(CancellationToken stopping)
    {
        lock (_lock)
        {
            if (!stopping.IsCancellationRequested)
            {
                _next.SetResult();
                _next = Create();
            }
        }
    }

    /// <summary>The signal stays as it is then: whoever comes to it before the last listener has gone learns of the failure, too.</summary>
    private void Fail(Exception error, CancellationToken stopping)
    {
        lock (_lock)
        {
            if (!stopping.IsCancellationRequested)
            {
                _next.SetException(error);
            }
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_listeners == 0)
            {
                _stopping?.Cancel();
                _stopping = null;
            }
        }
    }

    private sealed class Listener(ChangeSignal signal) : IDisposable
    {
        private ChangeSignal? _signal = signal;

        public void Dispose() => Interlocked.Exchange(ref _signal, null)?.Leave();
    }
}
