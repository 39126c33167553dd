namespace ClaudeTasks.Completion;

/// <summary>One thing a user may be about to type.</summary>
/// <param name="Value">The value, as the parameter is to get it.</param>
/// <param name="Description">What it is; may come from outside, and have lines.</param>
/// <param name="Label">What the list shows; the value, if nothing else is said.</param>
internal readonly record struct Suggestion(string Value, string Description, string? Label = null);
