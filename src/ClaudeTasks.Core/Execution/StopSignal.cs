using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <summary>Tells a running task to stop, and why. The first reason stays.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClaudeTaskReason Reason { get; private set; }

    public string Text { get; private set; } = "";

    public Task Requested => _requested.Task;

    public CancellationToken Token => _source.Token;

    public void Request(ClaudeTaskReason reason, string text)
    {
        lock (_requested)
        {
            if (_requested.Task.IsCompleted)
            {
                return;
            }

            (Reason, Text) = (reason, text);
            _requested.SetResult();
        }

        _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
