using System.Threading.Channels;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// The only place where synchronous code waits for asynchronous code: PowerShell calls cmdlets, completers and jobs synchronously.
/// </summary>
internal static class Bridge
{
    /// <summary>
    /// The time that a cancelled operation has to clean up before its caller goes on. Ctrl+C must return within a second.
    /// </summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Runs an operation on the thread pool, and waits for its end. After a cancellation, the operation has a short time to clean up.
    /// Otherwise, it finishes on the pool.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static T Run<T>(Func<CancellationToken, Task<T>> operation, CancellationToken stop)
    {
        var work = Task.Run(() => operation(stop), CancellationToken.None);
        Await(work, work, stop);
        return work.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public static void Run(Func<CancellationToken, Task> operation, CancellationToken stop) => Run(
        async token =>
        {
            await operation(token).ConfigureAwait(false);
            return true;
        },
        stop);

    /// <summary>Runs an operation in the same way, and shows its messages meanwhile on the caller's thread.</summary>
    /// <param name="operation">The operation. It may call its second argument on any thread, and after its own end.</param>
    /// <param name="show">Shows a message.</param>
    /// <param name="stop">Cancels the operation.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static T Run<T>(Func<CancellationToken, Action<string>, Task<T>> operation, Action<string> show, CancellationToken stop)
    {
        var messages = Channel.CreateUnbounded<string>();
        var work = Task.Run(() => operation(stop, text => messages.Writer.TryWrite(text)), CancellationToken.None);
        work.ContinueWith(_ => messages.Writer.TryComplete(), TaskScheduler.Default);
        while (true)
        {
            var next = messages.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            Await(next, work, stop);
            if (!next.GetAwaiter().GetResult())
            {
                return work.GetAwaiter().GetResult();
            }

            while (messages.Reader.TryRead(out var text))
            {
                show(text);
            }
        }
    }

    private static void Await(Task next, Task work, CancellationToken stop)
    {
        try
        {
            Task.WaitAny([next], Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            Task.WaitAny([work], CleanUpTime);
            throw;
        }
    }
}
