using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>How an event reads, also one that came from another session. Views can name types of this assembly only.</summary>
public static class EventView
{
    /// <summary>The event as text of one or more lines, harmless for a terminal and without colour.</summary>
    public static string Format(PSObject item) =>
        EventLine.Format(
            Revived.Value<ClaudeTaskEventKind>(item, nameof(ClaudeTaskEvent.Kind)),
            Revived.Value<string>(item, nameof(ClaudeTaskEvent.Text)));
}
