using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Reads a time limit: a number of seconds, a TimeSpan, or text that <see cref="SpanReader"/> knows.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeLimitTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = SpanReader.Unwrap(inputData);
        return value is TimeSpan span ? span
            : SpanReader.FromNumber(value, TimeSpan.FromSeconds(1))
            ?? (value is string text ? SpanReader.FromText(text) : null)
            ?? throw new ArgumentTransformationMetadataException(
                $"'{TerminalText.OneLine(value?.ToString(), 60)}' is not a valid time limit. "
                    + "Use a number of seconds, or 90s, 20m, 1h30m, 1d or 00:10:00.");
    }
}
