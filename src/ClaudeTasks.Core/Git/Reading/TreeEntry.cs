namespace ClaudeTasks.Git;

/// <summary>What a tree or an index holds at a path.</summary>
/// <param name="Mode">The mode as git writes it; <see cref="NoMode"/> where there is nothing.</param>
/// <param name="Id">The object's id; zeros, of any number, where there is nothing.</param>
internal readonly record struct TreeEntry(string Mode, string Id)
{
    public const string NoMode = "000000";

    /// <summary>A commit of another repository: its object is not in this one.</summary>
    public const string SubmoduleMode = "160000";

    public static TreeEntry Nothing { get; } = new(NoMode, new string('0', 40));

    public bool Exists => Mode != NoMode;

    /// <summary>Whether it is a file; a link and a submodule are none.</summary>
    public bool IsFile => Mode.StartsWith("100", StringComparison.Ordinal);

    public bool HasContent => Exists && Mode != SubmoduleMode;

    /// <summary>Nothing is the same as nothing, however long the repository's ids are.</summary>
    public bool IsSameAs(TreeEntry other) => this == other || (!Exists && !other.Exists);
}
