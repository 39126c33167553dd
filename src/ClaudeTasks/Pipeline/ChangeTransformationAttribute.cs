using System.Collections;
using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Makes changes of a task of what Get-ClaudeTaskDiff returned, here or in another PowerShell.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChangeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapper && wrapper.BaseObject is not PSCustomObject ? wrapper.BaseObject : inputData;
        return value is IEnumerable list and not string ? list.Cast<object?>().Select(ToChange).ToArray() : [ToChange(inputData)];
    }

    private static ClaudeTaskChange ToChange(object? item)
    {
        var value = item is PSObject wrapper ? wrapper.BaseObject : item;
        if ((value as ClaudeTaskChange ?? FromProperties(item)) is { } change)
        {
            return change;
        }

        // The inner exception lets the binder go on to other parameters.
        var message = $"'{TerminalText.OneLine(item?.ToString(), 60)}' is not a change that Get-ClaudeTaskDiff returned.";
        throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }

    /// <summary>A change that was serialised keeps its properties.</summary>
    private static ClaudeTaskChange? FromProperties(object? item)
    {
        if (item is not PSObject properties
            || !properties.TypeNames.Any(name => name.EndsWith(typeof(ClaudeTaskChange).FullName!, StringComparison.Ordinal))
            || !LanguagePrimitives.TryConvertTo<int>(properties.Properties["Task"]?.Value, out var task)
            || !LanguagePrimitives.TryConvertTo<ClaudeTaskChangeSource>(properties.Properties["Source"]?.Value, out var source)
            || properties.Properties["Path"]?.Value is not string path)
        {
            return null;
        }

        return new ClaudeTaskChange { Task = task, Source = source, Path = path };
    }
}
