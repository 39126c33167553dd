using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Reads a moment: a DateTime, or text such as <c>2026-12-01 08:00</c>. A time of day alone is the next one: today's, or tomorrow's.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MomentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapper ? wrapper.BaseObject : inputData;
        if (value is not string text)
        {
            return value is DateTimeOffset moment ? moment.LocalDateTime : inputData;
        }

        if (TimeOnly.TryParse(text, CultureInfo.CurrentCulture, out var time))
        {
            var today = DateTime.Today + time.ToTimeSpan();
            return today > DateTime.Now ? today : today.AddDays(1);
        }

        return DateTime.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out var read)
            ? read
            : throw new ArgumentTransformationMetadataException($"'{TerminalText.OneLine(text, 60)}' is no time. Give a DateTime, or text such as 22:00 or '2026-12-01 08:00'.");
    }
}
