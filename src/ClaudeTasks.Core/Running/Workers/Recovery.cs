using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// Recovers what dead workers and interrupted decisions left. <see cref="Look"/> marks it at once; the slow part runs in the background,
/// each task for itself: a task that cannot be recovered now says so, is tried again later, and keeps no other from its recovery.
/// Thread-safe.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="location">Where the lock files are.</param>
/// <param name="adopt">Gives tasks that wait for their moment to a living worker; false where there is none.</param>
internal sealed class Recovery(Database database, StoreLocation location, Func<IReadOnlyList<int>, Task<bool>> adopt) : IDisposable
{
    private const int AtOnce = 8;

    private static readonly TimeSpan TaskLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly object _gate = new();
    private Task _work = Task.CompletedTask;

    /// <summary>
    /// Marks the tasks of dead workers as lost, and starts the recovery of all that is due. Runs no program and waits for nothing.
    /// </summary>
    /// <exception cref="ClaudeTaskException">The store fails.</exception>
    public void Look()
    {
        var left = LostTasks.Mark(database, location);
        if (left.Count == 0 && database.Read(RecoveryTable.Due).Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_work.IsCompleted && !_end.IsCancellationRequested)
            {
                _work = Task.Run(() => WorkAsync(left));
            }
        }
    }

    /// <summary>
    /// Makes sure that a decision can be made on a task: if its run was lost, its processes have ended and its diff is taken. An
    /// interrupted decision is left to the decision that follows.
    /// </summary>
    /// <exception cref="ClaudeTaskException">That cannot be done now.</exception>
    public async Task CompleteAsync(int task, CancellationToken cancellation)
    {
        LostTasks.Mark(database, location);
        var isDone = await Poll.UntilAsync(
            async () => database.Read(connection => RecoveryTable.Find(connection, task)) is not { IsLost: true } row
                || (await TryAsync(row).ConfigureAwait(false) && database.Read(connection => RecoveryTable.Find(connection, task)) is null),
            TaskLimit,
            cancellation).ConfigureAwait(false);
        if (!isDone)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"Task {task} is still being recovered by another process.",
                task,
                $"Look at it again: Get-ClaudeTask {task}");
        }

        async Task<bool> TryAsync(RecoveryTable.Row row)
        {
            try
            {
                return await new TaskRecovery(database, location)
                    .RunAsync(row, cancellation)
                    .WaitAsync(TaskLimit, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException && !StoreErrors.IsFailure(e))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.TaskStateConflict,
                    $"Task {task} lost its worker and cannot be recovered now: {e.Message}",
                    task,
                    (e as ClaudeTaskException)?.RecommendedAction ?? $"Look at it again: Get-ClaudeTask {task}",
                    e);
            }
        }
    }

    /// <summary>Starts nothing more, and waits a little for what is under way. Whoever looks next goes on with the rest.</summary>
    public void Dispose()
    {
        Task work;
        lock (_gate)
        {
            _end.Cancel();
            work = _work;
        }

        Task.WaitAny([work], EndLimit);
    }

    private async Task WorkAsync(List<(Guid Worker, string Why)> left)
    {
        try
        {
            foreach (var (worker, why) in left)
            {
                await HandOverAsync(worker, why).ConfigureAwait(false);
            }

            var due = database.Read(RecoveryTable.Due);
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = _end.Token },
                async (row, cancellation) => await RecoverAsync(row, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ClaudeTaskException or ObjectDisposedException)
        {
            // The process ends, or the store fails: the next process that looks goes on.
        }
    }

    /// <summary>The tasks of a dead worker that wait for a moment, a limit or another task go on with a living worker.</summary>
    private async Task HandOverAsync(Guid worker, string why)
    {
        using var claim = LostTasks.TryTake(location.LockPath(worker));
        if (claim is null)
        {
            return;
        }

        var waiting = database.Read(connection => TaskTable.UnsettledOf(connection, worker)).ConvertAll(task => task.Id);
        var isAdopted = false;
        try
        {
            isAdopted = waiting.Count > 0 && await adopt(waiting).ConfigureAwait(false);
        }
        catch (ClaudeTaskException e) when (!StoreErrors.IsFailure(e))
        {
            // No worker can be started, so a person resumes them.
        }

        var isForgotten = database.Write(connection =>
        {
            foreach (var task in isAdopted ? [] : waiting)
            {
                LostTasks.Hold(connection, task, why);
            }

            return WorkerTable.RemoveIfIdle(connection, worker);
        });
        if (isForgotten)
        {
            claim.Delete();
        }
    }

    private async Task RecoverAsync(RecoveryTable.Row row, CancellationToken cancellation)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TaskLimit);

            // What hangs, such as a file system that is gone, must not keep the others: it is left behind with the lock of its task.
            await new TaskRecovery(database, location)
                .RunAsync(row, limit.Token)
                .WaitAsync(TaskLimit + EndLimit, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && !StoreErrors.IsFailure(e))
        {
            TaskRecovery.NoteFailure(database, row, e is OperationCanceledException ? new TimeoutException("It took too long.") : e);
        }
    }
}
