namespace ClaudeTasks.Pipeline;

/// <summary>The only place where synchronous code waits for asynchronous code: PowerShell calls cmdlets, completers and jobs synchronously.</summary>
internal static class Bridge
{
    /// <summary>The time that a cancelled operation has to clean up before its caller goes on. Ctrl+C must return within a second.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Runs an operation on the thread pool, and waits for its end. After a cancellation, the operation has a short time to clean up.
    /// Otherwise, it finishes on the pool.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static T Run<T>(Func<CancellationToken, Task<T>> operation, CancellationToken stop)
    {
        var work = Task.Run(() => operation(stop), CancellationToken.None);
        try
        {
            Task.WaitAny([work], Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            Task.WaitAny([work], CleanUpTime);
            throw;
        }

        return work.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(Func<CancellationToken, Task> operation, CancellationToken stop) => Run(
        async token =>
        {
            await operation(token).ConfigureAwait(false);
            return true;
        },
        stop);
}
