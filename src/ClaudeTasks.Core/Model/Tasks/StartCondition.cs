namespace ClaudeTasks.Model;

/// <summary>What must be so before a task starts. What is not set does not restrict.</summary>
public sealed record StartCondition
{
    /// <summary>Tasks that must have ended well: completed, with what they changed approved.</summary>
    public IReadOnlyList<int> DependsOn { get; init; } = [];

    /// <summary>One of them is enough.</summary>
    public bool AnyOfThem { get; init; }

    /// <summary>An end of any kind is enough.</summary>
    public bool EvenIfFailed { get; init; }

    /// <summary>Not before this moment, UTC. A machine that slept over it starts the task when it wakes.</summary>
    public DateTime? NotBefore { get; init; }

    /// <summary>A task that would start later than this after its moment is cancelled instead.</summary>
    public TimeSpan? SkipIfLateBy { get; init; }
}
