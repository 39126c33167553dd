using ClaudeTasks.Model;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Submits, reads, stops and removes tasks.</summary>
public sealed class TaskList
{
    private const int PageRows = 500;

    private readonly EngineContext _context;

    internal TaskList(EngineContext context) => _context = context;

    /// <summary>Begins a call that submits tasks.</summary>
    public TaskSubmission Submit(WorkerHost host) => new(_context, host);

    /// <summary>Returns the task with this number.</summary>
    /// <exception cref="ClaudeTaskException">There is none.</exception>
    public ClaudeTask Get(int id) => _context.Find(id).Task;

    /// <summary>Returns the tasks with these numbers, except those that do not exist.</summary>
    public IReadOnlyList<ClaudeTask> GetAll(IReadOnlyCollection<int> ids) =>
        _context.Database.Read(connection => TaskTable.FindAll(connection, ids));

    /// <summary>Returns the number of the task with this GUID.</summary>
    /// <exception cref="ClaudeTaskException">There is none.</exception>
    public int GetId(Guid taskId) =>
        _context.Database.Read(connection => TaskTable.FindId(connection, taskId)) ?? throw EngineContext.NotFound(taskId);

    /// <summary>
    /// Returns the tasks that match, oldest first. They are read in pages while the caller enumerates them, so that no reader holds the
    /// store while its caller works.
    /// </summary>
    public async Task<IEnumerable<ClaudeTask>> QueryAsync(TaskQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadPages(query, await _context.FindRepositoryKeyAsync(query.Repository, cancellation).ConfigureAwait(false));
    }

    /// <summary>Counts the tasks that match, before paging.</summary>
    public async Task<long> CountAsync(TaskQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var repository = await _context.FindRepositoryKeyAsync(query.Repository, cancellation).ConfigureAwait(false);
        return _context.Database.Read(connection => TaskSearch.Count(connection, query, repository));
    }

    /// <summary>
    /// Returns the task that a person must decide or resume before this queued task can start; null if the machine can go on by itself.
    /// </summary>
    public ClaudeTask? FindBlocker(ClaudeTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Status == ClaudeTaskStatus.Pending
            ? _context.Database.Read(connection =>
                QueueBlocker.Find(connection, task.Id) is { } blocker ? TaskTable.Find(connection, blocker)?.Task : null)
            : null;
    }

    /// <summary>
    /// Requests that a task stops. A queued task is cancelled at once. The worker of a running task stops it. A task that waits for a
    /// decision releases its repository and leaves the files as they are.
    /// </summary>
    /// <returns>False if the task had ended already, or its commit is being made.</returns>
    /// <exception cref="ClaudeTaskException">There is no such task, or it is being denied, or an approval is being undone.</exception>
    public async Task<bool> RequestStopAsync(int id, CancellationToken cancellation)
    {
        _context.Recovery.Look();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var task = Get(id);
            switch (task.Status)
            {
                case ClaudeTaskStatus.Approved when task.AutoApprove && !task.IsBeingRecovered:
                    if (_context.Database.Write(connection => TaskQueue.RequestStop(connection, id)))
                    {
                        return true;
                    }

                    break;
                case var status when StatusMoves.IsTerminal(status) || status == ClaudeTaskStatus.Approved:
                    return false;
                case var status when StatusMoves.IsActive(status):
                    if (_context.Database.Write(connection => TaskQueue.RequestStop(connection, id)))
                    {
                        return true;
                    }

                    break;
                case var status:
                    var text = status != ClaudeTaskStatus.Pending ? "Given up without a decision; its changes are still in the files."
                        : task.StartedAt is null ? "Stopped before its turn came."
                        : "Stopped while it paused; what it had changed is still in the files.";
                    if (status is ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed)
                    {
                        UserOnly.Require(_context.Database, $"Giving up the changes of task {id}");
                    }

                    if (_context.Database.Write(connection =>
                    {
                        EngineContext.RequireNoDecision(connection, id);
                        return TaskTable.Move(connection, id, status, ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped, text);
                    }))
                    {
                        await WorktreeCleanup.AfterRunAsync(_context.Database, id).ConfigureAwait(false);
                        return true;
                    }

                    break;
            }
        }
    }

    /// <summary>
    /// Removes a task, all of its records, and its worktree. The files in its repository stay as they are, and so does a branch that a
    /// person committed to.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="force">Deletes the worktree even if it has undecided or later changes.</param>
    /// <param name="cancellation">Ends the removal before anything is removed.</param>
    /// <exception cref="ClaudeTaskException">There is no such task, it is at work, or work in its worktree would be lost.</exception>
    public async Task RemoveAsync(int id, bool force, CancellationToken cancellation)
    {
        UserOnly.Require(_context.Database, $"The removal of task {id}");
        await _context.Recovery.CompleteAsync(id, cancellation).ConfigureAwait(false);
        await TaskRemoval.RemoveAsync(_context.Database, _context.Location, _context.Find(id), force, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns the tasks that ended before a moment and were left alone since, oldest first, except those that an unfinished task needs.
    /// </summary>
    public IReadOnlyList<int> FindEnded(DateTime before) =>
        _context.Database.Read(connection => RetentionTable.EndedBefore(connection, before));

    private IEnumerable<ClaudeTask> ReadPages(TaskQuery query, string? repository)
    {
        var (after, offset, rest) = (0, query.Skip, query.First ?? long.MaxValue);
        while (rest > 0)
        {
            var page = _context.Database.Read(connection =>
                TaskSearch.Page(connection, query, repository, after, Math.Min(rest, PageRows), offset));
            foreach (var task in page)
            {
                yield return task;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            (after, offset, rest) = (page[^1].Id, 0, rest - page.Count);
        }
    }
}
