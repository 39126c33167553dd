using System.Diagnostics;
using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>
/// Writes the events of all tasks of this process. Whatever came in while one transaction was written, and for a moment after it, goes
/// into the next, so a quiet task's line is stored at once and a loud one's by the hundred. Memory is bounded: who appends too fast
/// waits. Thread-safe.
/// </summary>
internal sealed class EventWriter : IDisposable
{
    private const int MaximumQueuedBytes = 4 * 1024 * 1024;
    private const int LargeBatchBytes = MaximumQueuedBytes / 4;

    /// <summary>
    /// The least time from one transaction to the next. Each wakes everybody who looks at the store; a transaction for every line of a
    /// loud agent took more time than its lines.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    private readonly Database _database;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private List<(int Task, EventDraft Event)> _queue = [];
    private List<TaskCompletionSource> _flushes = [];
    private long _bytes;
    private bool _stopped;
    private volatile Exception? _failure;

    public EventWriter(Database database)
    {
        _database = database;
        _thread = new Thread(Run) { IsBackground = true, Name = "claude-tasks event writer" };
        _thread.Start();
    }

    /// <summary>Queues an event behind all earlier ones of its task. A long line is packed here, beside the thread that writes.</summary>
    /// <exception cref="ClaudeTaskException">An earlier event could not be stored.</exception>
    public void Append(int task, EventDraft draft)
    {
        draft = draft.Pack();
        lock (_gate)
        {
            while (_bytes > MaximumQueuedBytes && _failure is null && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            ThrowIfFailed();
            ObjectDisposedException.ThrowIf(_stopped, this);
            _queue.Add((task, draft));
            _bytes += draft.Size;
            if (_queue.Count == 1 || _bytes > LargeBatchBytes)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Ends when everything appended before is in the store.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (_queue.Count == 0 && _bytes == 0)
            {
                return Task.CompletedTask;
            }

            var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _flushes.Add(flush);
            Monitor.PulseAll(_gate);
            return flush.Task;
        }
    }

    /// <exception cref="ClaudeTaskException">An event could not be stored, and so none will be any more.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.StoreUnusable,
                $"Events could not be stored: {_failure.Message}",
                null,
                (_failure as ClaudeTaskException)?.RecommendedAction
                    ?? "Check that the disk of the store has room and that you may write there.",
                _failure);
        }
    }

    /// <summary>Writes what is queued and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        var spare = new List<(int Task, EventDraft Event)>();
        var lastWritten = 0L;
        while (true)
        {
            List<(int Task, EventDraft Event)> batch;
            List<TaskCompletionSource> flushes;
            lock (_gate)
            {
                while (_queue.Count == 0 && _flushes.Count == 0 && !_stopped)
                {
                    Monitor.Wait(_gate);
                }

                if (_queue.Count == 0 && _flushes.Count == 0)
                {
                    return;
                }

                while (_flushes.Count == 0
                    && !_stopped
                    && _bytes < LargeBatchBytes
                    && Pause - Stopwatch.GetElapsedTime(lastWritten) is { Ticks: > 0 } rest)
                {
                    Monitor.Wait(_gate, (int)Math.Ceiling(rest.TotalMilliseconds));
                }

                (batch, _queue) = (_queue, spare);
                (flushes, _flushes) = (_flushes, []);
            }

            // After a failed batch, everything that follows is dropped. Otherwise, the sequence numbers would hide the gap.
            var failure = _failure ?? TryWrite(batch);
            lastWritten = Stopwatch.GetTimestamp();
            lock (_gate)
            {
                foreach (var (_, item) in batch)
                {
                    _bytes -= item.Size;
                }

                _failure ??= failure;
                Monitor.PulseAll(_gate);
            }

            batch.Clear();
            spare = batch;
            foreach (var flush in flushes)
            {
                if (_failure is null)
                {
                    flush.SetResult();
                }
                else
                {
                    flush.SetException(_failure);
                }
            }
        }
    }

    private Exception? TryWrite(List<(int Task, EventDraft Event)> batch)
    {
        if (batch.Count == 0)
        {
            return null;
        }

        try
        {
            _database.Write(connection =>
            {
                foreach (var group in batch.GroupBy(item => item.Task, item => item.Event))
                {
                    EventLog.Append(connection, group.Key, group);
                }
            });
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
