namespace ClaudeTasks.Reporting;

/// <summary>A line of a patch.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The line without its sign.</param>
/// <param name="OldNumber">Its number in the file before, where it is there.</param>
/// <param name="NewNumber">Its number in the file after, where it is there.</param>
internal sealed record PatchLine(PatchLineKind Kind, string Text, int? OldNumber = null, int? NewNumber = null)
{
    /// <summary>The part of the text that is not in the line's counterpart; empty where there is none, or nothing in common.</summary>
    public Range Different { get; init; } = 0..0;
}
