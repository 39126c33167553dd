using ClaudeTasks.Model;

namespace ClaudeTasks.Events;

/// <summary>How a watched task is now.</summary>
public sealed class ClaudeTaskStatusEventArgs : EventArgs
{
    internal ClaudeTaskStatusEventArgs(ClaudeTask task) => Task = task;

    /// <summary>The task.</summary>
    public ClaudeTask Task { get; }
}
