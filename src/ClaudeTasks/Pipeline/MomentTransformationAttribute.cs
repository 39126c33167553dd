using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Reads a moment: a DateTime, a TimeSpan from now, or text that <see cref="MomentReader"/> knows.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MomentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the moment lies ahead. For one that lies in the past, a number is that many days ago.</summary>
    public bool IsFuture { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = SpanReader.Unwrap(inputData);
        return value switch
        {
            null or DateTime => value,
            DateTimeOffset moment => moment.LocalDateTime,
            TimeSpan span => MomentReader.Apart(span, IsFuture, DateTime.Now),
            _ when !IsFuture && SpanReader.FromNumber(value, TimeSpan.FromDays(1)) is { } days =>
                MomentReader.Apart(days, isFuture: false, DateTime.Now),
            string text => MomentReader.Read(text, IsFuture, DateTime.Now),
            _ => null,
        } ?? (value is null ? value : throw new ArgumentTransformationMetadataException(
            $"'{TerminalText.OneLine(value.ToString(), 60)}' is not a valid time. Use '2026-12-01 08:00', 22:00, 'tomorrow 9:00', "
            + (IsFuture ? "or 90m, 2h or 3d from now." : "a number of days, or 30d or 12h for a time that long ago.")));
    }
}
