using ClaudeTasks.Tasks;

namespace ClaudeTasks.Views;

/// <summary>How an event reads. Views can name types of this assembly only.</summary>
public static class EventView
{
    /// <summary>The event as text of one or more lines, harmless for a terminal and without colour.</summary>
    public static string Format(ClaudeTaskEvent item) => EventLine.Format(item);
}
