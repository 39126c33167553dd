using ClaudeTasks.Model;

namespace ClaudeTasks.Running;

/// <summary>
/// Tells a running task to stop, and why. The first reason stays, except that an end outranks a pause. A pause is for the agent; what comes
/// after it, the gates, hears of an end alone.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClaudeTaskReason Reason { get; private set; }

    public string Text { get; private set; } = "";

    public Task Requested => _requested.Task;

    /// <summary>Cancelled by both.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled by an end.</summary>
    public CancellationToken EndToken => _end.Token;

    public void Request(ClaudeTaskReason reason, string text)
    {
        var isEnd = reason != ClaudeTaskReason.Suspended;
        lock (_requested)
        {
            if (_requested.Task.IsCompleted && !(isEnd && Reason == ClaudeTaskReason.Suspended))
            {
                return;
            }

            (Reason, Text) = (reason, text);
            _requested.TrySetResult();
        }

        _source.Cancel();
        if (isEnd)
        {
            _end.Cancel();
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _end.Dispose();
    }
}
