namespace ClaudeTasks.Git;

/// <summary>What a change of a repository's setup is about.</summary>
internal enum SetupKind
{
    /// <summary>The branch that is checked out.</summary>
    Branch,

    /// <summary>An operation in progress, such as a merge.</summary>
    Operation,

    /// <summary>A setting in <c>.git/config</c>.</summary>
    Setting,

    /// <summary>A hook, or a file that tells git what to ignore and how to convert.</summary>
    File,
}
