using System.Globalization;
using ClaudeTasks.Engine;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>What names tasks: a number, a GUID, a change, or a session, which stands for all of its tasks.</summary>
public sealed class TaskReference
{
    private TaskReference()
    {
    }

    internal TaskReference(int id) => Id = id;

    internal TaskReference(Guid taskId) => TaskId = taskId;

    internal TaskReference(SessionReference session) => Session = session;

    internal TaskReference(ClaudeTaskChange change) => (Id, Change) = (change.Task, change);

    /// <summary>
    /// The reference that stands for $null. It is an error when it is resolved, so that the tasks beside it are processed.
    /// </summary>
    internal static TaskReference None { get; } = new();

    /// <summary>The number, if that is what was given.</summary>
    public int? Id { get; }

    /// <summary>
    /// The change, if that is what was given. It stands for its task, and for nothing else of it where a decision is made.
    /// </summary>
    public ClaudeTaskChange? Change { get; }

    /// <summary>The GUID, if that is what was given.</summary>
    public Guid? TaskId { get; }

    /// <summary>The session, if that is what was given.</summary>
    public SessionReference? Session { get; }

    /// <inheritdoc/>
    public override string ToString() => Session?.Name ?? Id?.ToString(CultureInfo.InvariantCulture) ?? TaskId?.ToString() ?? "";

    /// <summary>The numbers, in the order of time.</summary>
    internal async Task<IReadOnlyList<int>> ResolveAsync(ClaudeTaskEngine engine, CancellationToken cancellation) => this switch
    {
        { Session: { } session } =>
            await engine.Sessions.GetTasksAsync(session.Name, session.Repository, cancellation).ConfigureAwait(false),
        { Id: { } id } => [id],
        { TaskId: { } taskId } => [engine.Tasks.GetId(taskId)],
        _ => throw InputErrors.NoneGiven("task"),
    };
}
