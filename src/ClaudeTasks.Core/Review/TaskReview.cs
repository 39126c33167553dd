using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>
/// A person's decisions on what a task changed: commit it, put it back, or take a decision back. One at a time in a repository. A decision
/// is recorded before anything is touched, and the next look at the task completes or undoes what a crash left.
/// </summary>
internal sealed class TaskReview : IDisposable
{
    private readonly ReviewContext _context;
    private readonly LockFile _lock;
    private readonly OwnWorktree _own;
    private readonly Approval _approval;
    private readonly Rejection _rejection;
    private readonly DecisionUndo _undo;

    private TaskReview(ReviewContext context, LockFile claim)
    {
        _context = context;
        _lock = claim;
        _own = new OwnWorktree(context);
        _approval = new Approval(context, _own);
        _rejection = new Rejection(context, _own);
        _undo = new DecisionUndo(context, _own, _approval);
    }

    /// <summary>The decision that a crash had cut off, and that opening the task completed.</summary>
    private DecisionKind? Completed { get; set; }

    private bool IsInterrupted => _context.Decisions().Exists(decision => decision.State != DecisionState.Done);

    /// <summary>Opens a task for a decision, and completes or undoes an earlier one that was cut off.</summary>
    /// <param name="database">The store.</param>
    /// <param name="location">Where its folders are.</param>
    /// <param name="workspace">The operation's workspace.</param>
    /// <param name="task">The task.</param>
    /// <exception cref="ClaudeTaskException">
    /// The task has no result, its repository is gone, or another process is deciding there.
    /// </exception>
    public static async Task<TaskReview> OpenAsync(Database database, StoreLocation location, Workspace workspace, TaskRecord task)
    {
        if (task is not { ReviewTree: { } baseTree, ResultTree: { } resultTree })
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.DiffNotAvailable,
                $"Task {task.Id} has no result to decide on ({task.Task.Status}).",
                task.Id,
                $"Get-ClaudeTask {task.Id} shows where it is.");
        }

        var home = await GitRepository.FindAtAsync(task.Task.Repository, workspace.Cancellation).ConfigureAwait(false);
        var claim = await ReviewLock.TakeAsync(location, task, workspace.Cancellation).ConfigureAwait(false);
        try
        {
            var context = new ReviewContext(database, workspace, task, home, location.ObjectsPath(task.Task.TaskId));
            var review = new TaskReview(context, claim);
            context.Changes = await TreeReader.CompareAsync(context.Snapshots.Git, baseTree, resultTree).ConfigureAwait(false);
            if (review._own.Exists)
            {
                context.Use(await context.FindAsync(task.WorkFolder).ConfigureAwait(false));
            }

            await review.CompleteAsync().ConfigureAwait(false);
            context.Task = database.Read(connection => TaskTable.Find(connection, task.Id)) ?? task;
            return review;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Commits the recorded result of paths that are still open.</summary>
    /// <inheritdoc cref="Approval.ApproveAsync"/>
    public Task ApproveAsync(ApprovalRequest request) =>
        IsDone(DecisionKind.Approve) ? Task.CompletedTask : DecideAsync(() => _approval.ApproveAsync(request));

    /// <summary>Restores the base content of the chosen open paths, and keeps the task's result under <c>refs/claude-tasks</c>.</summary>
    public Task RejectAsync(string? reason, Func<string, bool> matches) =>
        IsDone(DecisionKind.Reject) ? Task.CompletedTask : DecideAsync(() => _rejection.RejectAsync(reason, matches));

    /// <summary>Takes the last decision back, exactly.</summary>
    public Task UndoAsync() => DecideAsync(_undo.UndoAsync);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private bool IsDone(DecisionKind kind) => Completed == kind && _context.Task.Task.IsEnded;

    /// <summary>Without a decision, a worktree that was made for it goes again.</summary>
    private async Task DecideAsync(Func<Task> decide)
    {
        try
        {
            await decide().ConfigureAwait(false);
        }
        catch when (!IsInterrupted)
        {
            await _own.WithdrawAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task CompleteAsync()
    {
        foreach (var open in _context.Decisions().Where(decision => decision.State != DecisionState.Done))
        {
            // A cancellation must not leave the index and the files between the two.
            _context.Workspace.Shield();
            await UserCommit.EndLeftAsync(_context.Task.Task.TaskId).ConfigureAwait(false);
            var selected = _context.Changes.Where(change => open.Paths.Contains(change.RawPath)).ToList();
            if (open.State == DecisionState.BeingTakenBack)
            {
                await _undo.CompleteAsync(open, selected).ConfigureAwait(false);
            }
            else if (open.Kind == DecisionKind.Reject)
            {
                await _rejection.CompleteAsync(open, selected).ConfigureAwait(false);
                Completed = DecisionKind.Reject;
            }
            else if (await _approval.CompleteAsync(open).ConfigureAwait(false))
            {
                Completed = DecisionKind.Approve;
            }

            _own.Keep();
        }

        _context.Workspace.Caller.ThrowIfCancellationRequested();
    }
}
