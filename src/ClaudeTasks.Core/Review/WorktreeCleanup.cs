using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Review;

/// <summary>
/// Takes a task's own work tree away without a decision: when there is nothing in it to decide on, or with the task itself.
/// </summary>
internal static class WorktreeCleanup
{
    /// <summary>After a run: a work tree in which nothing was changed is of no use to anybody, unless the task goes on in it.</summary>
    public static Task AfterRunAsync(Database database, int id) => TryDeleteAsync(
        database, id, task => task.Task.Status != ClaudeTaskStatus.Pending && (task.BaseTree is null || task.Task.FilesChanged == 0));

    /// <summary>Before a pause: one that has no base yet is made anew.</summary>
    public static Task BeforePauseAsync(Database database, int id) => TryDeleteAsync(database, id, task => task.BaseTree is null);

    private static async Task TryDeleteAsync(Database database, int id, Func<TaskRecord, bool> isUseless)
    {
        if (database.Read(connection => TaskTable.Find(connection, id)) is { Task.Worktree: not null } task && isUseless(task))
        {
            try
            {
                if (await HasCommitsAsync(task).ConfigureAwait(false))
                {
                    database.Write(connection => EventLog.Append(
                        connection,
                        id,
                        new EventDraft(
                            ClaudeTaskEventKind.Warning,
                            $"The worktree '{task.Task.Worktree}' was kept, because Claude committed there. "
                                + $"To delete it: Remove-ClaudeTask {id} -Force")));
                    return;
                }

                if (await FindUnsavedAsync(task, default).ConfigureAwait(false) is { Count: > 0 } unsaved)
                {
                    database.Write(connection => EventLog.Append(
                        connection, id, new EventDraft(ClaudeTaskEventKind.Warning, Kept(task, unsaved))));
                    return;
                }

                await DeleteAsync(Leftover.Of(task)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ClaudeTaskException or IOException or UnauthorizedAccessException)
            {
                var text = $"The work tree '{task.Task.Worktree}' could not be taken away: {e.Message}";
                database.Write(connection => EventLog.Append(connection, id, new EventDraft(ClaudeTaskEventKind.Warning, text)));
            }
        }
    }

    /// <summary>Why a work tree was left where it is.</summary>
    public static string Kept(TaskRecord task, IReadOnlyCollection<string> submodules) =>
        $"The work tree '{task.Task.Worktree}' was kept: its submodule {NameList.Of(submodules)} has work that is nowhere else. "
            + $"Save it, then: Remove-ClaudeTask {task.Id} -Force";

    /// <summary>Makes sure that with a task nothing goes but what was decided on.</summary>
    /// <exception cref="ClaudeTaskException">
    /// Its own work tree has changes that were not decided on, or that somebody made since, or work in submodules.
    /// </exception>
    public static async Task RequireNothingLostAsync(Database database, StoreLocation location, Workspace workspace, TaskRecord task)
    {
        if (task.Task.Worktree is not { } folder)
        {
            return;
        }

        var open = OpenChanges.Read(database, task.Id).ConvertAll(change => change.Path);
        var later = task.ResultTree is not null && Directory.Exists(folder)
            ? await LaterChanges.FindAsync(location, workspace, task).ConfigureAwait(false)
            : new LaterChanges([], null);
        var unsaved = await FindUnsavedAsync(task, workspace.Cancellation).ConfigureAwait(false);
        List<string> own = [.. later.Files.Select(change => change.Path), .. unsaved];
        if (own.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.EditedSince,
                $"The work tree of task {task.Id} has work that is nowhere else: {NameList.Of([.. own, .. open])}.",
                task.Id,
                $"Save it from '{folder}', or delete it too: Remove-ClaudeTask {task.Id} -Force");
        }

        if (later.Problem is { } problem)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"git cannot read the worktree of task {task.Id} ('{folder}'), so unsaved work in it is not known: {problem}",
                task.Id,
                $"Make the files readable, or delete the worktree with everything in it: Remove-ClaudeTask {task.Id} -Force");
        }

        if (open.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.TaskStateConflict,
                $"What task {task.Id} changed is in its own work tree and nobody has decided on it yet: {NameList.Of(open)}.",
                task.Id,
                $"Decide first (Approve-ClaudeTask {task.Id}, Deny-ClaudeTask {task.Id}), or delete its changes too: "
                    + $"Remove-ClaudeTask {task.Id} -Force");
        }
    }

    /// <summary>Whether HEAD is not where the task began: its commits may be on no branch.</summary>
    private static async Task<bool> HasCommitsAsync(TaskRecord task) =>
        File.Exists(Path.Combine(task.WorkFolder, ".git"))
        && task.Task.StartingCommit is { } start
        && await (await GitRepository.FindAtAsync(task.WorkFolder).ConfigureAwait(false)).ReadHeadAsync().ConfigureAwait(false) is { } head
        && head != start;

    private static async Task<List<string>> FindUnsavedAsync(TaskRecord task, CancellationToken cancellation) =>
        File.Exists(Path.Combine(task.WorkFolder, ".git"))
            ? await SubmoduleWork.FindUnsavedAsync(await GitRepository.FindAtAsync(task.WorkFolder, cancellation).ConfigureAwait(false))
                .ConfigureAwait(false)
            : [];

    /// <summary>Deletes the work tree and all in it; its branch too, unless somebody committed to it.</summary>
    public static async Task DeleteAsync(Leftover leftover)
    {
        if (leftover is { Worktree: { } folder, Branch: { } branch, StartingCommit: { } start } && Path.Exists(leftover.Folder))
        {
            var worktree = new TaskWorktree(await GitRepository.FindAtAsync(leftover.Folder).ConfigureAwait(false), folder, branch);
            await worktree.RemoveAsync().ConfigureAwait(false);
            await worktree.RemoveBranchAsync(start).ConfigureAwait(false);
        }
    }
}
