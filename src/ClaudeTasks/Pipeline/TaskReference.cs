using System.Globalization;
using ClaudeTasks.Execution;

namespace ClaudeTasks.Pipeline;

/// <summary>What names a task: its number or its GUID, whatever the user gave.</summary>
public sealed class TaskReference
{
    internal TaskReference(int id) => Id = id;

    internal TaskReference(Guid taskId) => TaskId = taskId;

    /// <summary>The number, if that is what was given.</summary>
    public int? Id { get; }

    /// <summary>The GUID, if that is what was given.</summary>
    public Guid? TaskId { get; }

    /// <inheritdoc/>
    public override string ToString() => Id?.ToString(CultureInfo.InvariantCulture) ?? TaskId.ToString()!;

    internal int Resolve(ClaudeTaskEngine engine) => Id ?? engine.GetId(TaskId!.Value);
}
