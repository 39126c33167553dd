namespace ClaudeTasks.Running;

/// <summary>What a rule is about.</summary>
internal enum ToolSubjectKind
{
    /// <summary>A command line.</summary>
    Command,

    /// <summary>The path of a file.</summary>
    Path,

    /// <summary>An address or a search text.</summary>
    Text,

    /// <summary>The whole input of a tool that is not built in, as canonical JSON.</summary>
    Input,
}
