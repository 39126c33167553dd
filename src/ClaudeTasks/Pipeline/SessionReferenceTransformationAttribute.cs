using System.Collections;
using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Makes references of sessions, and of sessions that came from another PowerShell or a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SessionReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapper && wrapper.BaseObject is not PSCustomObject ? wrapper.BaseObject : inputData;
        SessionReference[] references =
            value is IEnumerable list and not string ? [.. list.Cast<object?>().Select(ToReference)] : [ToReference(inputData)];
        return references.Length > 0 ? references : new[] { SessionReference.None };
    }

    private static SessionReference ToReference(object? item) =>
        item is null ? SessionReference.None : SessionReference.Of(item) ?? throw NoSession(item);

    /// <summary>The inner exception lets the binder go on to other parameters.</summary>
    private static ArgumentTransformationMetadataException NoSession(object? item)
    {
        var message = $"'{TerminalText.OneLine(item?.ToString(), 60)}' is not a valid session. "
            + "Pipe sessions from Get-ClaudeTaskSession, or use -Name.";
        return new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
