namespace ClaudeTasks.Tests.Support;

/// <summary>A kind of change: how the repository is before, what a task does, and what the diff must say.</summary>
/// <param name="Name">What the test is called.</param>
/// <param name="Setup">A shell script that makes the base, which is committed then unless <see cref="IsUnborn"/>.</param>
/// <param name="Work">A shell script that the agent runs.</param>
/// <param name="Expected">The changes, as "Kind path" or "Kind old → path".</param>
internal sealed record KindCase(string Name, string Setup, string Work, params string[] Expected)
{
    /// <summary>What is done after the base is committed, such as narrowing the checkout.</summary>
    public string Then { get; init; } = "";

    /// <summary>Whether the task starts before the first commit.</summary>
    public bool IsUnborn { get; init; }

    public override string ToString() => Name;
}
