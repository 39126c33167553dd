using System.Diagnostics;

namespace ClaudeTasks.Processes;

/// <summary>Waits for a state that nothing announces, such as a file lock of another process.</summary>
internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the answer is true, or the limit is over (false).</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<bool> UntilAsync(Func<Task<bool>> isTrue, TimeSpan limit, CancellationToken cancellation = default)
    {
        for (var clock = Stopwatch.StartNew(); !await isTrue().ConfigureAwait(false);)
        {
            if (clock.Elapsed >= limit)
            {
                return false;
            }

            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, TimeSpan, CancellationToken)"/>
    public static Task<bool> UntilAsync(Func<bool> isTrue, TimeSpan limit, CancellationToken cancellation = default) =>
        UntilAsync(() => Task.FromResult(isTrue()), limit, cancellation);

    /// <summary>Takes a lock, and waits for it while another process has it; null when the limit is over first.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<LockFile?> ForLockAsync(string path, TimeSpan limit, CancellationToken cancellation = default)
    {
        LockFile? claim = null;
        await UntilAsync(() => (claim = LockFile.TryTake(path)) is not null, limit, cancellation).ConfigureAwait(false);
        return claim;
    }
}
