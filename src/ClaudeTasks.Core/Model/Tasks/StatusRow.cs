namespace ClaudeTasks.Model;

/// <summary>Everything that belongs to a status. <see cref="StatusTable"/> holds one row per status.</summary>
/// <param name="Status">The status.</param>
/// <param name="Icon">Its icon in tables.</param>
/// <param name="Sign">Its sign of one cell, so that color is never the only mark.</param>
/// <param name="Tone">Its color.</param>
/// <param name="ExitCode">The exit code of a command that ends with it, unless the reason says more.</param>
/// <param name="Words">Its words in reports.</param>
public sealed record StatusRow(ClaudeTaskStatus Status, string Icon, string Sign, Tone Tone, int ExitCode, string Words)
{
    /// <summary>Whether the machine works on the task: its time runs and its worker must be alive.</summary>
    public bool IsActive { get; internal init; }

    /// <summary>Whether the task waits for a decision.</summary>
    public bool NeedsDecision { get; internal init; }

    /// <summary>Whether the task has ended. Only a person's decision moves it from here.</summary>
    public bool IsTerminal { get; internal init; }

    internal string StoreName { get; init; } = "";

    internal TaskOutcome Outcome { get; init; }

    /// <summary>Whether the work is there; null where it is not known yet or was stopped.</summary>
    internal bool? Succeeded { get; init; }

    internal IReadOnlyList<ClaudeTaskStatus> Next { get; init; } = [];
}
