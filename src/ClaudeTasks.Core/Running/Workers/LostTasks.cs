using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Running;

/// <summary>
/// Marks the tasks of dead workers as lost. It asks locks and the store alone, so that every reader can afford it. A worker is dead when
/// its lock is free, and the process that takes the lock does the marking.
/// </summary>
internal static class LostTasks
{
    /// <summary>Marks what dead workers left, and notes decisions that were interrupted.</summary>
    /// <returns>The dead workers that leave tasks which wait for their moment, and the reason for each.</returns>
    public static List<(Guid Worker, string Why)> Mark(Database database, StoreLocation location)
    {
        var left = new List<(Guid, string)>();
        foreach (var worker in database.Read(WorkerTable.All).Where(worker => worker.Started || !IsStarting(worker.Process)))
        {
            // A living worker of this very process holds its lock too: locks are per open file.
            if (TryTake(location.LockPath(worker.Id)) is not { } claim)
            {
                continue;
            }

            using (claim)
            {
                var why = claim.Note is { Length: > 0 } note ? note : WorkerFiles.DeathOf(location, worker);
                if (database.Write(connection => MarkOf(connection, worker.Id, why)))
                {
                    claim.Delete();
                }
                else
                {
                    left.Add((worker.Id, why));
                }
            }
        }

        NoteDecisions(database, location);
        return left;
    }

    /// <exception cref="ClaudeTaskException">The file cannot be made or opened.</exception>
    public static LockFile? TryTake(string path)
    {
        try
        {
            return LockFile.TryTake(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Unusable(path, "its locks cannot be taken", e);
        }
    }

    /// <summary>Keeps a queued task until a person resumes it.</summary>
    public static bool Hold(SqliteConnection connection, int task, string why) => TaskQueue.Hold(
        connection, task, ClaudeTaskReason.WorkerLost,
        $"{why.Replace("that ran it", "that was to run it", StringComparison.Ordinal)} "
            + $"Nothing is lost; go on with it: Resume-ClaudeTask {task}");

    /// <summary>Marks the tasks of one worker. Returns whether the worker is forgotten, so that nothing waits for it.</summary>
    private static bool MarkOf(SqliteConnection connection, Guid worker, string why)
    {
        foreach (var (task, status, waitsByItself) in TaskTable.UnsettledOf(connection, worker))
        {
            if (status == ClaudeTaskStatus.Pending)
            {
                // A task that only waited for its turn might come as a surprise now, so a person resumes it.
                _ = waitsByItself || Hold(connection, task, why);
                continue;
            }

            if (status is ClaudeTaskStatus.WaitingQa or ClaudeTaskStatus.QaRunning)
            {
                TaskTable.Move(
                    connection,
                    task,
                    status,
                    ClaudeTaskStatus.QaFailed,
                    ClaudeTaskReason.WorkerLost,
                    $"{why} Run them again: Invoke-ClaudeTaskGate {task}");
            }
            else if (StatusMoves.IsActive(status))
            {
                TaskTable.Move(
                    connection, task, status, ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost,
                    $"{why} What the agent had done and printed until then is kept. "
                        + $"Put its files back (Deny-ClaudeTask {task}) and restart the task: Restart-ClaudeTask {task}");
                TaskQueue.KeepLease(connection, task);
            }
            else
            {
                TaskTable.Set(connection, task, ("gate_request", null));
                continue;
            }

            RecoveryTable.Add(connection, task, isLost: true);
        }

        return WorkerTable.RemoveIfIdle(connection, worker);
    }

    private static bool IsStarting(ProcessIdentity? process) =>
        process is { } identity && (identity.IsAlive || DetachedProcess.IsStarting(identity));

    /// <summary>A process that decides holds the repository's lock.</summary>
    private static void NoteDecisions(Database database, StoreLocation location)
    {
        foreach (var (task, repository) in database.Read(RecoveryTable.FindUnfinishedDecisions))
        {
            if (!LockFile.IsHeld(location.DecisionLockPath(repository)))
            {
                database.Write(connection => RecoveryTable.Add(connection, task, isLost: false));
            }
        }
    }
}
