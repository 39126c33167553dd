using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// Takes over the tasks of dead workers: ends what their agents left running, keeps all output, takes the diff and says what happened.
/// A worker is dead when its lock is free; whoever takes that lock does the taking over, so it is done once.
/// </summary>
internal static class Recovery
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <param name="database">The store.</param>
    /// <param name="location">Where the lock files are.</param>
    /// <param name="adopt">Gives tasks that wait for their moment to a living worker; false where there is none.</param>
    /// <returns>How many tasks were taken over.</returns>
    public static async Task<int> RunAsync(Database database, StoreLocation location, Func<IReadOnlyList<int>, Task<bool>> adopt)
    {
        var count = 0;
        foreach (var worker in database.Read(WorkerTable.All))
        {
            if (!worker.Started && worker.Process is { IsAlive: true })
            {
                continue;
            }

            // A living worker of this very process holds its lock too: locks are per open file.
            if (TryTake(location.LockPath(worker.Id)) is not { } claim)
            {
                continue;
            }

            using (claim)
            {
                var why = claim.Note is { Length: > 0 } note ? note : "The process that ran it died.";
                var tasks = database.Read(connection => TaskTable.FindUnsettled(connection, worker.Id));
                await KeepQueuedAsync(database, [.. tasks.Where(task => task.Task.Status == ClaudeTaskStatus.Pending)], adopt, why).ConfigureAwait(false);
                foreach (var task in tasks.Where(task => task.Task.Status != ClaudeTaskStatus.Pending))
                {
                    await TakeOverAsync(database, location, task, why).ConfigureAwait(false);
                }

                count += tasks.Count;

                database.Write(connection => WorkerTable.RemoveIfIdle(connection, worker.Id));
                claim.Delete();
            }
        }

        return count;
    }

    private static LockFile? TryTake(string path)
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

    /// <summary>
    /// Brings decisions that were cut off to their end, so that no task is shown as approved whose commit was just being taken back. Who is
    /// deciding holds the repository's lock.
    /// </summary>
    /// <param name="database">The store.</param>
    /// <param name="location">Where the lock files are.</param>
    /// <param name="given">Decisions not to try, to which are added those that cannot be finished now; a decision on their task says why.</param>
    public static async Task FinishDecisionsAsync(Database database, StoreLocation location, ISet<long> given)
    {
        foreach (var (decision, id) in database.Read(DecisionTable.Open).Where(open => !given.Contains(open.Id)))
        {
            if (database.Read(connection => TaskTable.Find(connection, id)) is not { } task || IsLocked(location.DecisionLockPath(task.RepositoryId)))
            {
                continue;
            }

            try
            {
                using var workspace = Workspace.Open(location.WorkspacesFolder);
                (await TaskReview.OpenAsync(database, location, workspace, task).ConfigureAwait(false)).Dispose();
            }
            catch (ClaudeTaskException)
            {
                given.Add(decision);
            }
        }

        static bool IsLocked(string path)
        {
            using var claim = TryTake(path);
            return claim is null;
        }
    }

    /// <summary>
    /// What waits for a moment, a limit or another task goes on with a living worker. What only waited for its turn might come as a
    /// surprise now, so a person resumes it.
    /// </summary>
    private static async Task KeepQueuedAsync(Database database, List<TaskRecord> tasks, Func<IReadOnlyList<int>, Task<bool>> adopt, string why)
    {
        List<int> waiting = [.. tasks.Where(task => task.WaitsByItself).Select(task => task.Id)];
        var isAdopted = waiting.Count > 0 && await adopt(waiting).ConfigureAwait(false);
        foreach (var task in tasks.Where(task => !(isAdopted && task.WaitsByItself)))
        {
            database.Write(connection => TaskQueue.Hold(
                connection, task.Id, ClaudeTaskReason.WorkerLost, $"{why.Replace("that ran it", "that was to run it", StringComparison.Ordinal)} Nothing is lost; go on with it: Resume-ClaudeTask {task.Id}"));
        }
    }

    private static async Task TakeOverAsync(Database database, StoreLocation location, TaskRecord task, string why)
    {
        using var workspace = Workspace.Open(location.WorkspacesFolder);
        var status = task.Task.Status;
        await EndAgentAsync(database, task).ConfigureAwait(false);
        if (status == ClaudeTaskStatus.Approved)
        {
            // Its own run was approving it; opening it for a decision brings that to its end.
            (await TaskReview.OpenAsync(database, location, workspace, task).ConfigureAwait(false)).Dispose();
            return;
        }

        if (StatusMoves.IsSettled(status))
        {
            database.Write(connection => TaskTable.Set(connection, task.Id, ("gate_request", null)));
            return;
        }

        if (status is ClaudeTaskStatus.WaitingQa or ClaudeTaskStatus.QaRunning)
        {
            database.Write(connection => TaskTable.Move(
                connection, task.Id, status, ClaudeTaskStatus.QaFailed, ClaudeTaskReason.WorkerLost,
                $"{why} Run them again: Invoke-ClaudeTaskGate {task.Id}"));
            return;
        }

        try
        {
            var repository = await GitRepository.FindAsync(task.WorkFolder).ConfigureAwait(false);
            await ResultCapture.SaveAsync(database, location, workspace, task.Id, repository).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The task's end must be told whatever is wrong with its repository, or every later look would stumble over it again.
            Record(database, task.Id, ClaudeTaskEventKind.Error, $"No diff could be taken: {e.Message}");
        }

        database.Write(connection => TaskTable.Move(
            connection, task.Id, status, ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost,
            $"{why} What the agent had done and printed until then is kept. Put its files back (Deny-ClaudeTask {task.Id}) and restart the task: Restart-ClaudeTask {task.Id}"));
        await WorktreeCleanup.AfterRunAsync(database, task.Id).ConfigureAwait(false);
    }

    private static async Task EndAgentAsync(Database database, TaskRecord task)
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
            Record(database, task.Id, ClaudeTaskEventKind.Process, $"Ended {ended.Count} process(es) that were left running: {names}");
        }
    }

    private static void Record(Database database, int task, ClaudeTaskEventKind kind, string text) =>
        database.Write(connection => EventLog.Append(connection, task, new EventDraft(kind, text)));
}
