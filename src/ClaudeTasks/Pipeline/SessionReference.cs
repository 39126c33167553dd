using System.Management.Automation;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>What names a session that was read before.</summary>
/// <param name="Name">The name, as it is written.</param>
/// <param name="Repository">The repository it is in.</param>
public sealed record SessionReference(string Name, string Repository)
{
    /// <summary>
    /// The reference that stands for $null. It is an error when it is processed, so that the sessions beside it are processed.
    /// </summary>
    internal static SessionReference None { get; } = new("", "");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A session, or what is left of one that came from another PowerShell or a file; null for anything else.</summary>
    internal static SessionReference? Of(object? item)
    {
        var value = item is PSObject wrapper ? wrapper.BaseObject : item;
        if (value is SessionReference reference)
        {
            return reference;
        }

        if (value is ClaudeTaskSession session)
        {
            return new SessionReference(session.Name, session.Repository);
        }

        var properties = item is null ? null : PSObject.AsPSObject(item);
        return properties?.TypeNames.Any(name => name.EndsWith(typeof(ClaudeTaskSession).FullName!, StringComparison.Ordinal)) == true
            && properties.Properties["Name"]?.Value is string sessionName
            && properties.Properties["Repository"]?.Value is string repository
                ? new SessionReference(sessionName, repository)
                : null;
    }
}
