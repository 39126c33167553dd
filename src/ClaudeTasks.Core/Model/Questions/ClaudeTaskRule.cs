namespace ClaudeTasks.Model;

/// <summary>A standing answer to permission requests in a repository, made by the user.</summary>
public sealed record ClaudeTaskRule
{
    /// <summary>The number people type.</summary>
    public int Id { get; init; }

    /// <summary>The repository it is for.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The tool.</summary>
    public string Tool { get; init; } = "";

    /// <summary>What the tool is used on: a command, a file, an address. <c>*</c> stands for any text.</summary>
    public string Pattern { get; init; } = "*";

    /// <summary>Whether it is allowed; otherwise, it is denied.</summary>
    public bool IsAllowed { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTime CreatedAt { get; init; }
}
