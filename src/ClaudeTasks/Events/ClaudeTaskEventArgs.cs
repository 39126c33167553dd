using ClaudeTasks.Model;

namespace ClaudeTasks.Events;

/// <summary>Something that was recorded of a watched task.</summary>
public sealed class ClaudeTaskEventArgs : EventArgs
{
    internal ClaudeTaskEventArgs(ClaudeTaskEvent item) => Event = item;

    /// <summary>What was recorded, as <c>Receive-ClaudeTask</c> writes it.</summary>
    public ClaudeTaskEvent Event { get; }
}
