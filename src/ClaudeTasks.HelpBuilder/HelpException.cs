namespace ClaudeTasks.HelpBuilder;

/// <summary>Something that help needs is missing or wrong.</summary>
internal sealed class HelpException(string file, string message) : Exception(message)
{
    /// <summary>Where to fix it.</summary>
    public string File { get; } = file;
}
