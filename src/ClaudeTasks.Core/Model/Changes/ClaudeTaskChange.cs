namespace ClaudeTasks.Model;

/// <summary>One changed file: what the task did, from the base snapshot to the result, or what others did beside it.</summary>
public sealed record ClaudeTaskChange
{
    /// <summary>The number of the task.</summary>
    public int Task { get; init; }

    /// <summary>Whose change it is.</summary>
    public ClaudeTaskChangeSource Source { get; init; }

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

    /// <summary>The id of the content before, by which git knows it; of a submodule, its commit. Null where there was none.</summary>
    public string? OldHash { get; init; }

    /// <summary>The id of the content after.</summary>
    public string? NewHash { get; init; }

    /// <summary>The size of the content before in bytes, as git stores it; null where there was none, and for a submodule.</summary>
    public long? OldSize { get; init; }

    /// <summary>The size of the content after.</summary>
    public long? NewSize { get; init; }

    /// <summary>
    /// Whether the content, before or after, is larger than 100 MB, or is among the largest of a task whose changes are larger than 500 MB
    /// together. It is told by hash and size then, lines are not counted, and the patch is one line that says so.
    /// </summary>
    public bool IsOverLimit { get; init; }

    /// <summary>
    /// The patch of this file alone, in git's extended format. Bytes that are not UTF-8 are shown as U+FFFD; the raw patch has them.
    /// </summary>
    public string Patch { get; init; } = "";

    /// <summary>The paths at which something is not as it was. A copy leaves its source alone.</summary>
    internal IReadOnlyList<string> TouchedPaths => OldPath is { } old && Kind != ClaudeTaskChangeKind.Copied ? [Path, old] : [Path];

    /// <inheritdoc/>
    public override string ToString() => Path;
}
