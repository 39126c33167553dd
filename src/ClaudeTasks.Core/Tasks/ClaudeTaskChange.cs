namespace ClaudeTasks.Tasks;

/// <summary>One file that a task changed, from the base snapshot to the result.</summary>
public sealed record ClaudeTaskChange
{
    /// <summary>The number of the task.</summary>
    public int Task { get; init; }

    /// <summary>The path from the repository's root, with <c>/</c>. A name that is not UTF-8 is written as git quotes it.</summary>
    public string Path { get; init; } = "";

    /// <summary>The former path of a renamed or copied file.</summary>
    public string? OldPath { get; init; }

    /// <summary>What happened to it.</summary>
    public ClaudeTaskChangeKind Kind { get; init; }

    /// <summary>Lines added; null for a binary file.</summary>
    public int? Additions { get; init; }

    /// <summary>Lines removed; null for a binary file.</summary>
    public int? Deletions { get; init; }

    /// <summary>Whether git takes the content for binary.</summary>
    public bool IsBinary { get; init; }

    /// <summary>The file's mode before, octal as git writes it; <c>000000</c> where there was none.</summary>
    public string OldMode { get; init; } = "";

    /// <summary>The file's mode after.</summary>
    public string NewMode { get; init; } = "";

    /// <summary>The patch of this file alone, in git's extended format.</summary>
    public string Patch { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Path;
}
