namespace ClaudeTasks.Model;

/// <summary>Whose change it is. The numbers are stored: append, never reorder.</summary>
public enum ClaudeTaskChangeSource
{
    /// <summary>The task's own.</summary>
    Task,

    /// <summary>Uncommitted work that was there before the task began.</summary>
    Before,

    /// <summary>Somebody else's: committed while the task ran, or changed since it ended.</summary>
    Meanwhile,
}
