namespace ClaudeTasks.Model;

/// <summary>What happened to a file.</summary>
public enum ClaudeTaskChangeKind
{
    /// <summary>The file is new.</summary>
    Added,

    /// <summary>Its content changed.</summary>
    Modified,

    /// <summary>The file is gone.</summary>
    Deleted,

    /// <summary>The file has another path, perhaps with changes.</summary>
    Renamed,

    /// <summary>The file was made from another one, which is still there and changed as well; a copy of an unchanged file is new.</summary>
    Copied,

    /// <summary>Only its mode changed, such as the executable bit.</summary>
    ModeChanged,

    /// <summary>It became another type: a file, a symbolic link or a submodule.</summary>
    TypeChanged,
}
