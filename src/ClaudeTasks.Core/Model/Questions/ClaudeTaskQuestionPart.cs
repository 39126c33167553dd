namespace ClaudeTasks.Model;

/// <summary>One of the things that a question of Claude's own asks.</summary>
/// <param name="Text">What it asks.</param>
/// <param name="Options">The answers it offers; others can be given too.</param>
/// <param name="TakesSeveral">Whether several of them may be chosen; they are written with commas between them.</param>
public sealed record ClaudeTaskQuestionPart(string Text, IReadOnlyList<ClaudeTaskQuestionOption> Options, bool TakesSeveral);
