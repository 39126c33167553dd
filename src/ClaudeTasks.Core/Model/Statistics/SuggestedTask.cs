namespace ClaudeTasks.Model;

/// <summary>As much of a task as tells a person which one it is.</summary>
/// <param name="Id">The number people type.</param>
/// <param name="TaskId">The identity that is unique everywhere.</param>
/// <param name="Status">Where the task is in its life.</param>
/// <param name="Moment">When it ended, began or was submitted, UTC.</param>
/// <param name="Prompt">The beginning of what Claude was asked to do.</param>
/// <param name="Repository">The root of the work tree the user named.</param>
public sealed record SuggestedTask(int Id, Guid TaskId, ClaudeTaskStatus Status, DateTime Moment, string Prompt, string Repository);
