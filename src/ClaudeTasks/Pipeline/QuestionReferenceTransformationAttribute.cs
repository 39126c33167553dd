using System.Collections;
using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Makes numbers of questions out of numbers, and of questions, also of those that came from another PowerShell.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuestionReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>The number that stands for $null; questions are numbered from 1.</summary>
    internal const int None = 0;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapper && wrapper.BaseObject is not PSCustomObject ? wrapper.BaseObject : inputData;
        int[] ids = value is IEnumerable list and not string ? [.. list.Cast<object?>().Select(IdOf)] : [IdOf(inputData)];
        return ids.Length > 0 ? ids : new[] { None };
    }

    private static int IdOf(object? item)
    {
        var value = item is PSObject wrapper ? wrapper.BaseObject : item;
        if (value is null)
        {
            return None;
        }

        if (value is ClaudeTaskQuestion question)
        {
            return question.Id;
        }

        if (value is string or int or long && LanguagePrimitives.TryConvertTo<int>(value, out var id))
        {
            return id;
        }

        var properties = PSObject.AsPSObject(item!);
        return properties.TypeNames.Any(name => name.EndsWith(typeof(ClaudeTaskQuestion).FullName!, StringComparison.Ordinal))
            && LanguagePrimitives.TryConvertTo<int>(properties.Properties["Id"]?.Value, out var revived)
                ? revived
                : throw NoQuestion(item);
    }

    private static ArgumentTransformationMetadataException NoQuestion(object? item)
    {
        var message = $"'{TerminalText.OneLine(item?.ToString(), 60)}' is not a valid question. "
            + "Pass a question or its number: Get-ClaudeTaskQuestion";
        return new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
