using System.Globalization;
using ClaudeTasks.Engine;

namespace ClaudeTasks.Pipeline;

/// <summary>What names tasks: a number, a GUID, or a session, which stands for all of its tasks.</summary>
public sealed class TaskReference
{
    internal TaskReference(int id) => Id = id;

    internal TaskReference(Guid taskId) => TaskId = taskId;

    internal TaskReference(SessionReference session) => Session = session;

    /// <summary>The number, if that is what was given.</summary>
    public int? Id { get; }

    /// <summary>The GUID, if that is what was given.</summary>
    public Guid? TaskId { get; }

    /// <summary>The session, if that is what was given.</summary>
    public SessionReference? Session { get; }

    /// <inheritdoc/>
    public override string ToString() => Session?.Name ?? Id?.ToString(CultureInfo.InvariantCulture) ?? TaskId.ToString()!;

    /// <summary>The numbers, in the order of time.</summary>
    internal IReadOnlyList<int> Resolve(ClaudeTaskEngine engine) =>
        Session is { } session ? engine.GetSessionTasks(session.Name, session.Repository) : [Id ?? engine.GetId(TaskId!.Value)];
}
