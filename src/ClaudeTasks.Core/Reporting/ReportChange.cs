using ClaudeTasks.Model;

namespace ClaudeTasks.Reporting;

/// <summary>A file that a task changed, with as much of its patch as a person reads.</summary>
public sealed record ReportChange
{
    private const int MostCharacters = 200_000;
    private const int MostLines = 2000;

    /// <summary>The path from the repository's root.</summary>
    public string Path { get; init; } = "";

    /// <summary>The former path of a renamed or copied file.</summary>
    public string? OldPath { get; init; }

    /// <summary>What happened to it.</summary>
    public ClaudeTaskChangeKind Kind { get; init; }

    /// <summary>Lines added; null for a binary file.</summary>
    public int? Additions { get; init; }

    /// <summary>Lines removed; null for a binary file.</summary>
    public int? Deletions { get; init; }

    /// <summary>Whether git takes the content for binary; there is no patch then.</summary>
    public bool IsBinary { get; init; }

    /// <summary>Whether it is so large that lines are not counted and one line stands instead of the patch.</summary>
    public bool IsOverLimit { get; init; }

    /// <summary>The file's mode before, octal as git writes it.</summary>
    public string OldMode { get; init; } = "";

    /// <summary>The file's mode after.</summary>
    public string NewMode { get; init; } = "";

    /// <summary>The first lines of the patch.</summary>
    public string Patch { get; init; } = "";

    /// <summary>How many lines of the patch came after <see cref="Patch"/>.</summary>
    public int PatchLinesLeftOut { get; init; }

    internal static ReportChange Of(ClaudeTaskChange change, int room)
    {
        var (patch, leftOut) = change.IsBinary ? ("", 0) : Shorten(change.Patch, Math.Min(room, MostCharacters));
        return new ReportChange
        {
            Path = change.Path,
            OldPath = change.OldPath,
            Kind = change.Kind,
            Additions = change.Additions,
            Deletions = change.Deletions,
            IsBinary = change.IsBinary,
            IsOverLimit = change.IsOverLimit,
            OldMode = change.OldMode,
            NewMode = change.NewMode,
            Patch = patch,
            PatchLinesLeftOut = leftOut,
        };
    }

    private static (string Kept, int LeftOut) Shorten(string patch, int room)
    {
        var (end, lines) = (0, 0);
        while (end < patch.Length && lines < MostLines)
        {
            var next = patch.IndexOf('\n', end) is var newline and >= 0 ? newline + 1 : patch.Length;
            if (next > room)
            {
                break;
            }

            (end, lines) = (next, lines + 1);
        }

        return (patch[..end], patch.AsSpan(end).TrimEnd('\n') is { IsEmpty: false } rest ? rest.Count('\n') + 1 : 0);
    }
}
