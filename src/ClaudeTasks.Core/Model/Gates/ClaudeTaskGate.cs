using System.Text.Json.Serialization;

namespace ClaudeTasks.Model;

/// <summary>A check that a user registered to be run on every result in a repository, or in all of them.</summary>
public sealed record ClaudeTaskGate
{
    /// <summary>The time limit of a gate that names none.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The name, unique in its repository; case does not matter.</summary>
    public string Name { get; init; } = "";

    /// <summary>The repository's root, as it was named; null for all repositories.</summary>
    public string? Repository { get; init; }

    /// <summary>How it is run.</summary>
    public ClaudeTaskGateKind Kind { get; init; }

    /// <summary>The command line, the program, or the code.</summary>
    public string Command { get; init; } = "";

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Gates run by this number, then by name.</summary>
    public int Order { get; init; }

    /// <summary>How long it may run; then it is ended and has failed.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>The folder it runs in, from the root of the task's work tree; null for that root.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Additions to its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a result is held back when it fails.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>What it runs, in one line, for people to read.</summary>
    [JsonIgnore]
    public string CommandText => string.Join(' ', Arguments.Prepend(Command.Trim()));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
