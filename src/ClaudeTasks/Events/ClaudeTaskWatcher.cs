using ClaudeTasks.Engine;
using ClaudeTasks.Text;

namespace ClaudeTasks.Events;

/// <summary>
/// Tasks as .NET events, for <c>Register-ObjectEvent</c>. Each handler gets everything from the start, whenever it is added, so none comes
/// too late: what was recorded before comes first. It is called on pool threads, one call at a time. Reading begins with the first handler
/// and ends when it is removed, when the watcher is disposed, and when the tasks have ended. Thread-safe.
/// </summary>
public sealed class ClaudeTaskWatcher : IDisposable
{
    private readonly ClaudeTaskEngine _engine;
    private readonly List<(Delegate Handler, IDisposable Reading)> _readings = [];
    private bool _isDisposed;

    internal ClaudeTaskWatcher(ClaudeTaskEngine engine, IReadOnlyList<int> tasks)
    {
        _engine = engine;
        Id = tasks;
    }

    /// <summary>Tells how a task is: first as it is, then whenever its status has changed, or what it waits for.</summary>
    public event EventHandler<ClaudeTaskStatusEventArgs> StatusChanged
    {
        add => Add(value, _engine.Events.ObserveStatus(Id), task => value(this, new ClaudeTaskStatusEventArgs(task)));
        remove => Remove(value);
    }

    /// <summary>Tells what a task does and says: the events that <c>Receive-ClaudeTask</c> shows.</summary>
    public event EventHandler<ClaudeTaskEventArgs> OutputReceived
    {
        add => Add(value, _engine.Events.Observe(Id, 0, [.. EventLine.DefaultKinds]), item => value(this, new ClaudeTaskEventArgs(item)));
        remove => Remove(value);
    }

    /// <summary>Reports that the tasks can no longer be watched: one was removed, or the store cannot be read.</summary>
    public event EventHandler<ErrorEventArgs>? Error;

    /// <summary>The numbers of the tasks.</summary>
    public IReadOnlyList<int> Id { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_readings)
        {
            _isDisposed = true;
            _readings.ForEach(item => item.Reading.Dispose());
            _readings.Clear();
        }
    }

    private void Add<T>(Delegate handler, IObservable<T> source, Action<T> raise)
    {
        lock (_readings)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _readings.Add((handler, source.Subscribe(new Observer<T>(raise, e => Error?.Invoke(this, new ErrorEventArgs(e))))));
        }
    }

    private void Remove(Delegate handler)
    {
        lock (_readings)
        {
            if (_readings.FindLastIndex(item => item.Handler.Equals(handler)) is var index and >= 0)
            {
                _readings[index].Reading.Dispose();
                _readings.RemoveAt(index);
            }
        }
    }

    private sealed class Observer<T>(Action<T> next, Action<Exception> fail) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnError(Exception error) => fail(error);

        public void OnCompleted()
        {
            // The last status said so.
        }
    }
}
