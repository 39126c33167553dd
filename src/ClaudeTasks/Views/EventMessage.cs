using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>An event on its way to the host: shown as a line there, and still the event for who captures the information stream.</summary>
public sealed class EventMessage : HostInformationMessage
{
    internal EventMessage(ClaudeTaskEvent item)
    {
        Event = item;
        Message = EventLine.Format(item);
    }

    /// <summary>The event itself.</summary>
    public ClaudeTaskEvent Event { get; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
