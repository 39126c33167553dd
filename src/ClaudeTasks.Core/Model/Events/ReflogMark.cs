namespace ClaudeTasks.Model;

/// <summary>
/// How a task's moves of HEAD are told apart from everybody else's: git writes this variable's value before the message of a reflog entry.
/// </summary>
internal static class ReflogMark
{
    /// <summary>git's own variable, which all processes of the agent inherit.</summary>
    public const string Variable = "GIT_REFLOG_ACTION";

    /// <summary>The mark of one task.</summary>
    public static string Of(Guid task) => $"claude-task {task}";
}
