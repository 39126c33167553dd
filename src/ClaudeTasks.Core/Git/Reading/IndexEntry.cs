namespace ClaudeTasks.Git;

/// <summary>What an index holds at a path.</summary>
/// <param name="Entry">What is staged.</param>
/// <param name="IsIntended">Whether the path is only intended to be added.</param>
/// <param name="IsSkipped">Whether the path is outside a sparse checkout.</param>
internal readonly record struct IndexEntry(TreeEntry Entry, bool IsIntended, bool IsSkipped)
{
    /// <summary>Whether the path has a conflict; the entry is one side of it.</summary>
    public bool IsUnmerged { get; init; }

    public static IndexEntry Nothing { get; } = new(TreeEntry.Nothing, false, false);
}
