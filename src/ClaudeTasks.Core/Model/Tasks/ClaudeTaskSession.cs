namespace ClaudeTasks.Model;

/// <summary>
/// A named group of tasks in one repository: what the store knew of it at one moment. The name and the repository are its identity. All
/// times are UTC.
/// </summary>
public sealed record ClaudeTaskSession
{
    /// <summary>The name, of which there is one in a repository; case does not matter.</summary>
    public string Name { get; init; } = "";

    /// <summary>The root of the repository's main work tree.</summary>
    public string Repository { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When anything about one of its tasks last changed.</summary>
    public DateTime LastActivity { get; init; }

    /// <summary>How many tasks it has.</summary>
    public int TaskCount { get; init; }

    /// <summary>Tasks that the machine works on.</summary>
    public int Running { get; init; }

    /// <summary>Tasks that wait for their turn or for a person.</summary>
    public int Waiting { get; init; }

    /// <summary>Tasks that did their work.</summary>
    public int Completed { get; init; }

    /// <summary>Tasks that did not.</summary>
    public int Failed { get; init; }

    /// <summary>Tasks whose changes a person turned down.</summary>
    public int Rejected { get; init; }

    /// <summary>Tasks that were stopped.</summary>
    public int Cancelled { get; init; }

    /// <summary>What the agents reported as their cost, in US dollars.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>How long the machine worked on all of its tasks.</summary>
    public TimeSpan Duration { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
