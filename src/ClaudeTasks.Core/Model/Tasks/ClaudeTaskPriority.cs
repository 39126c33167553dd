namespace ClaudeTasks.Model;

/// <summary>Which of the tasks that may start begins first. The numbers are stored.</summary>
public enum ClaudeTaskPriority
{
    /// <summary>After all others.</summary>
    Low = -1,

    /// <summary>In the order of submission.</summary>
    Normal = 0,

    /// <summary>Before all others.</summary>
    High = 1,
}
