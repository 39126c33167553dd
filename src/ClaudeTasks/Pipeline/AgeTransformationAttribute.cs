using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// Reads how long ago something was, as the moment it was: a number of days, a TimeSpan, text such as <c>30d</c>, <c>12h</c> or
/// <c>1.00:00:00</c>, or that moment itself.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgeTransformationAttribute : ArgumentTransformationAttribute
{
    private const double MostDays = 100_000;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapper ? wrapper.BaseObject : inputData;
        return value switch
        {
            DateTime moment => moment.ToUniversalTime(),
            DateTimeOffset moment => moment.UtcDateTime,
            TimeSpan age => Before(age.TotalDays),
            string text when double.TryParse(text, CultureInfo.InvariantCulture, out var days) => Before(days),
            string text when TimeLimitTransformationAttribute.FromUnits(text) is { } age => Before(age.TotalDays),
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var age) => Before(age.TotalDays),
            string text when DateTime.TryParse(text, CultureInfo.InvariantCulture, out var moment) => moment.ToUniversalTime(),
            IConvertible and not string and not bool => Before(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ => throw Invalid(value),
        };

        DateTime Before(double days) => days is >= 0 and <= MostDays ? DateTime.UtcNow.AddDays(-days) : throw Invalid(value);
    }

    private static ArgumentTransformationMetadataException Invalid(object? value) =>
        new($"'{TerminalText.OneLine(value?.ToString(), 60)}' is no age. Give days (30), text such as 30d or 12h, or the moment itself.");
}
