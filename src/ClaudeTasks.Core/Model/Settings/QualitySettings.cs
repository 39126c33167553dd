namespace ClaudeTasks.Model;

/// <summary>How a task's result must prove itself.</summary>
public sealed record QualitySettings
{
    /// <summary>The most rounds of repair that can be asked for.</summary>
    public const int MostRepairs = 20;

    /// <summary>The gates to run, by name; null for all that are registered for the repository.</summary>
    public IReadOnlyList<string>? Gates { get; init; }

    /// <summary>Ends the round at the first required gate that fails.</summary>
    public bool FailFast { get; init; }

    /// <summary>How often what failed goes back to Claude.</summary>
    public int RepairAttempts { get; init; }

    /// <summary>Commits a result that passed, with no person asked.</summary>
    public bool AutoApprove { get; init; }

    /// <summary>Commits it even where there was no gate to pass.</summary>
    public bool AllowNoGate { get; init; }
}
