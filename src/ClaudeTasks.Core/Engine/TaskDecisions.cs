using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Approves and rejects the changes of tasks, and undoes that.</summary>
public sealed class TaskDecisions
{
    private readonly EngineContext _context;

    internal TaskDecisions(EngineContext context) => _context = context;

    /// <summary>
    /// Commits a task's recorded changes on top of HEAD, with the user's identity, hooks and signing, and nothing else. The changes from a
    /// worktree become one commit on the branch that the task started from.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="message">The commit's message; null makes one from the prompt.</param>
    /// <param name="matches">Selects the files. The others stay for another decision.</param>
    /// <param name="force">Takes the recorded version of files that were changed since, and approves a task whose gates failed.</param>
    /// <param name="keepBranch">Commits to the branch of the task's worktree and keeps it, instead of merging the changes back.</param>
    /// <param name="onHook">
    /// Called with the name of each of the user's Git hooks as it begins, on a pool thread; null when nobody listens.
    /// </param>
    /// <param name="cancellation">
    /// Ends the decision, with everything that Git started. The repository is then as before it, or as after it if the commit was made.
    /// </param>
    /// <exception cref="ClaudeTaskException">The task cannot be approved; nothing was changed.</exception>
    public Task<ClaudeTask> ApproveAsync(
        int id,
        string? message,
        Func<string, bool> matches,
        bool force,
        bool keepBranch,
        Action<string>? onHook,
        CancellationToken cancellation) =>
        DecideAsync(
            id,
            review => review.ApproveAsync(new ApprovalRequest(
                message,
                matches,
                force,
                keepBranch,
                ByMachine: false,
                new HookLimits(_context.Database.Read(OptionTable.Read).HookTimeout!.Value, onHook))),
            cancellation);

    /// <summary>Restores the files that a task changed, and keeps its result under a ref, so that the rejection can be undone.</summary>
    /// <param name="id">The task.</param>
    /// <param name="reason">The reason, for the record.</param>
    /// <param name="matches">Selects the files. The others stay for another decision.</param>
    /// <param name="cancellation">Ends the decision; the repository is then as before it.</param>
    /// <exception cref="ClaudeTaskException">The task cannot be rejected, or files were changed since; nothing was changed.</exception>
    public Task<ClaudeTask> RejectAsync(int id, string? reason, Func<string, bool> matches, CancellationToken cancellation) =>
        DecideAsync(id, review => review.RejectAsync(reason, matches), cancellation);

    /// <summary>Undoes the last decision on a task exactly.</summary>
    /// <exception cref="ClaudeTaskException">There is none, or the repository has moved on; nothing was changed.</exception>
    public Task<ClaudeTask> UndoAsync(int id, CancellationToken cancellation) =>
        DecideAsync(id, review => review.UndoAsync(), cancellation);

    private async Task<ClaudeTask> DecideAsync(int id, Func<TaskReview, Task> decide, CancellationToken cancellation)
    {
        UserOnly.Require(_context.Database, $"A decision on task {id}");
        try
        {
            // Opening the review finishes this task's own interrupted decision, so that it is no reason to refuse this one.
            await _context.Recovery.CompleteAsync(id, cancellation).ConfigureAwait(false);
            using var workspace = Workspace.Open(_context.Location.WorkspacesFolder, cancellation);
            using var review = await TaskReview.OpenAsync(_context.Database, _context.Location, workspace, _context.Find(id))
                .ConfigureAwait(false);
            await decide(review).ConfigureAwait(false);
            return _context.Find(id).Task;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Unusable(_context.Location.Folder, $"the decision on task {id} could not be completed", e);
        }
    }
}
