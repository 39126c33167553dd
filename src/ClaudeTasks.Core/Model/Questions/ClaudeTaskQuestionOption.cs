namespace ClaudeTasks.Model;

/// <summary>An answer that Claude offers.</summary>
/// <param name="Label">The answer.</param>
/// <param name="Description">What it means; null where Claude did not say.</param>
public sealed record ClaudeTaskQuestionOption(string Label, string? Description);
