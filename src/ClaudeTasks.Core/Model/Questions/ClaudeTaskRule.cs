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

    /// <summary>
    /// What the rule is about: the command, file or address, or the whole input of a tool that is not built in. Unless
    /// <see cref="IsLiteral"/> is set, <c>*</c> stands for any text.
    /// </summary>
    public string Pattern { get; init; } = "*";

    /// <summary>Whether the rule is about exactly this text, in which <c>*</c> is an ordinary character.</summary>
    public bool IsLiteral { get; init; }

    /// <summary>Whether it is allowed; otherwise, it is denied.</summary>
    public bool IsAllowed { get; init; }

    /// <summary>The account and the process that made it, such as <c>alice, pwsh (4711)</c>.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it was made, UTC.</summary>
    public DateTime CreatedAt { get; init; }
}
