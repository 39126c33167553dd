namespace ClaudeTasks.Git;

/// <summary>The user's hooks during a commit: their limits, and what they inherit.</summary>
/// <param name="Limit">How long the commit may take with its hooks; then it is ended with everything that it started.</param>
/// <param name="OnHook">Called with the name of each hook as it begins, on a thread of the pool; null when nobody listens.</param>
internal sealed record HookLimits(TimeSpan Limit, Action<string>? OnHook = null)
{
    /// <summary>The task whose changes are committed.</summary>
    public Guid Task { get; init; }

    /// <summary>Where the hooks are; null where it does not matter.</summary>
    public HooksFolder? Folder { get; init; }

    /// <summary>The variables of a CI service that the hooks inherit; null for none.</summary>
    public IReadOnlyList<string>? Inherited { get; init; }
}
