namespace ClaudeTasks.Model;

/// <summary>One option as it is in force.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null where there is none.</param>
/// <param name="Origin">Where the value comes from.</param>
/// <param name="Description">What it does, and which values it takes.</param>
public sealed record ClaudeTaskOption(ClaudeTaskOptionName Name, object? Value, ClaudeTaskOptionOrigin Origin, string Description);
