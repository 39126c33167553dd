using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// The recovery of one task: ends the processes that its agent left, takes its diff, and finishes or undoes an interrupted decision.
/// </summary>
internal sealed class TaskRecovery(Database database, StoreLocation location)
{
    /// <summary>
    /// How often the diff of a lost task is tried. After that its repository is free again, and the task keeps its output alone.
    /// </summary>
    private const int DiffTries = 6;

    private const int LongestPause = 30;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Recovers the task, unless another process is at it.</summary>
    /// <returns>Whether the recovery has completed.</returns>
    /// <exception cref="Exception">It cannot be recovered now; nothing keeps it from being tried again.</exception>
    public async Task<bool> RunAsync(RecoveryTable.Row row, CancellationToken cancellation)
    {
        using var claim = LostTasks.TryTake(location.RecoveryLockPath(row.Task));
        if (claim is null
            || database.Read(connection => RecoveryTable.Find(connection, row.Task)) is not { } now
            || database.Read(connection => TaskTable.Find(connection, row.Task)) is not { } task)
        {
            claim?.Delete();
            return claim is not null;
        }

        using var workspace = Workspace.Open(location.WorkspacesFolder, cancellation);
        if (now.IsLost)
        {
            await EndAgentAsync(task).ConfigureAwait(false);
            if (task.Task.Status == ClaudeTaskStatus.Failed)
            {
                await TakeDiffAsync(task, now, workspace).ConfigureAwait(false);
                await WorktreeCleanup.AfterRunAsync(database, task.Id).ConfigureAwait(false);
            }
        }

        if (database.Read(connection => DecisionTable.Read(connection, task.Id)).Exists(decision => decision.State != DecisionState.Done))
        {
            if (LockFile.IsHeld(location.DecisionLockPath(task.RepositoryId)))
            {
                return false;
            }

            // Opening a task for a decision brings the interrupted one to its end.
            (await TaskReview.OpenAsync(database, location, workspace, task).ConfigureAwait(false)).Dispose();
        }

        database.Write(connection =>
        {
            RecoveryTable.Remove(connection, task.Id);
            TaskQueue.GiveLeaseBackIfEnded(connection, task.Id);
        });
        claim.Delete();
        return true;
    }

    /// <summary>Tells on the task why it could not be recovered, and when it is tried again.</summary>
    public static void NoteFailure(Database database, RecoveryTable.Row row, Exception e)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(2 * Math.Pow(3, row.Tries), LongestPause));
        var message = (e as ClaudeTaskException)?.RecommendedAction is { } fix ? $"{e.Message} {fix.TrimEnd('.')}." : e.Message;
        database.Write(connection => RecoveryTable.Fail(
            connection,
            row,
            DateTime.UtcNow + pause,
            $"{(row.IsLost ? "Its changes are not recorded yet" : "Its decision is not finished yet")}: "
                + $"{message} ClaudeTasks tries this again by itself."));
    }

    /// <summary>Notes a decision that failed halfway, for a recovery to finish.</summary>
    public static void NoteUnfinishedDecision(Database database, int task, Exception e)
    {
        database.Write(connection => RecoveryTable.Add(connection, task, isLost: false));
        NoteFailure(database, new RecoveryTable.Row(task, false, 0, null), e);
    }

    private async Task TakeDiffAsync(TaskRecord task, RecoveryTable.Row row, Workspace workspace)
    {
        try
        {
            var repository = await GitRepository.FindAtAsync(task.WorkFolder, workspace.Cancellation).ConfigureAwait(false);
            await ResultCapture.SaveAsync(database, location, workspace, task.Id, repository).ConfigureAwait(false);
        }
        catch (Exception e) when (row.Tries + 1 >= DiffTries && !StoreErrors.IsFailure(e))
        {
            Record(task.Id, ClaudeTaskEventKind.Error, $"No diff could be taken: {e.Message}");
        }
    }

    private async Task EndAgentAsync(TaskRecord task)
    {
        using var tree = ProcessTree.Create(task.Task.TaskId);
        if (ProcessIdentity.Parse(task.AgentProcess) is { } root)
        {
            tree.SetRoot(root, null);
        }

        var ended = await tree.EndAllAsync(Grace).ConfigureAwait(false);
        if (ended.Count > 0)
        {
            var names = string.Join(", ", ended.Take(10).Select(member => $"{member.Command} ({member.Identity.Pid})"));
            Record(task.Id, ClaudeTaskEventKind.Process, $"Ended {ended.Count} process(es) that were left running: {names}");
        }
    }

    private void Record(int task, ClaudeTaskEventKind kind, string text) =>
        database.Write(connection => EventLog.Append(connection, task, new EventDraft(kind, text)));
}
