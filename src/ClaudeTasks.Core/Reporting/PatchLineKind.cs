namespace ClaudeTasks.Reporting;

/// <summary>What a line of a patch is.</summary>
internal enum PatchLineKind
{
    /// <summary>It says where the next lines are, or something about the file.</summary>
    Heading,

    /// <summary>A line that is the same before and after.</summary>
    Context,

    /// <summary>A line that was added.</summary>
    Added,

    /// <summary>A line that was removed.</summary>
    Removed,
}
