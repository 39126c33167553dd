using System.Threading.Channels;

namespace ClaudeTasks.Pipeline;

/// <summary>Brings what an observable tells on pool threads to the pipeline's own thread.</summary>
internal static class ObservablePump
{
    /// <summary>How many items wait at most. The source is held up then: one item may be a page of some megabytes.</summary>
    public const int Bound = 2;

    /// <summary>
    /// Returns the items of an observable while it tells them. Blocks the enumerating thread while there are none, and blocks the
    /// observable while <see cref="Bound"/> items wait. The subscription ends with the enumeration, however that ends.
    /// </summary>
    /// <param name="source">The observable. Its error is thrown behind its last item.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<T> Pump<T>(this IObservable<T> source, CancellationToken cancellation)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var queue = Channel.CreateBounded<T>(new BoundedChannelOptions(Bound) { SingleReader = true, SingleWriter = true });
        using var subscription = source.Subscribe(new Writer<T>(queue.Writer, leaving.Token));
        try
        {
            while (Wait(queue.Reader.WaitToReadAsync(leaving.Token)))
            {
                while (queue.Reader.TryRead(out var item))
                {
                    leaving.Token.ThrowIfCancellationRequested();
                    yield return item;
                }
            }
        }
        finally
        {
            // A source that waits for room in the queue goes on, and finds its subscription gone.
            leaving.Cancel();
        }
    }

    /// <summary>The thread pool adds a thread for one that waits for a task, but not for one that waits for a lock.</summary>
    private static bool Wait(ValueTask<bool> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private sealed class Writer<T>(ChannelWriter<T> queue, CancellationToken leaving) : IObserver<T>
    {
        public void OnNext(T value)
        {
            while (!queue.TryWrite(value))
            {
                try
                {
                    if (!Wait(queue.WaitToWriteAsync(leaving)))
                    {
                        return;
                    }
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        public void OnError(Exception error) => queue.TryComplete(error);

        public void OnCompleted() => queue.TryComplete();
    }
}
