using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Jobs;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// Makes references of numbers, GUIDs, tasks, changes, jobs, sessions, and of those of them that came from another PowerShell or a file.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TaskReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapper && wrapper.BaseObject is not PSCustomObject ? wrapper.BaseObject : inputData;
        TaskReference[] references =
            value is IEnumerable list and not string ? [.. list.Cast<object?>().Select(ToReference)] : [ToReference(inputData)];
        return references.Length > 0 ? references : new[] { TaskReference.None };
    }

    private static TaskReference ToReference(object? item)
    {
        var value = item is PSObject wrapper ? wrapper.BaseObject : item;
        return value switch
        {
            null => TaskReference.None,
            TaskReference reference => reference,
            ClaudeTask task => new TaskReference(task.Id),
            ClaudeTaskChange change => new TaskReference(change),
            ClaudeTaskJob job => new TaskReference(job.Task.TaskId),
            int id when id > 0 => new TaskReference(id),
            long id when id is > 0 and <= int.MaxValue => new TaskReference((int)id),
            Guid taskId => new TaskReference(taskId),
            string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 =>
                new TaskReference(id),
            string text when Guid.TryParse(text, out var taskId) => new TaskReference(taskId),
            _ when SessionReference.Of(item) is { } session => new TaskReference(session),
            _ when FromProperties(PSObject.AsPSObject(item!)) is { } reference => reference,
            _ => throw NoTask(item),
        };
    }

    /// <summary>The inner exception lets the binder go on from the object itself to its properties.</summary>
    private static ArgumentTransformationMetadataException NoTask(object? item)
    {
        var message = $"'{TerminalText.OneLine(item?.ToString(), 60)}' does not match a task. Pass a task number, a GUID or a task object.";
        return new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }

    /// <summary>What was serialised keeps its properties; of a task, the GUID is the one that is right in any store.</summary>
    private static TaskReference? FromProperties(PSObject item) =>
        Is<ClaudeTask>(item) && LanguagePrimitives.TryConvertTo<Guid>(item.Properties["TaskId"]?.Value, out var taskId)
            ? new TaskReference(taskId)
        : Is<ClaudeTaskChange>(item)
            && LanguagePrimitives.TryConvertTo<int>(item.Properties["Task"]?.Value, out var task)
            && LanguagePrimitives.TryConvertTo<ClaudeTaskChangeSource>(item.Properties["Source"]?.Value, out var source)
            && item.Properties["Path"]?.Value is string path
                ? new TaskReference(new ClaudeTaskChange { Task = task, Source = source, Path = path })
        : null;

    private static bool Is<T>(PSObject item) =>
        item.TypeNames.Any(name => name.EndsWith(typeof(T).FullName!, StringComparison.Ordinal));
}
