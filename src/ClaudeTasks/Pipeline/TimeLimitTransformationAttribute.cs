using System.Buffers;
using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Reads a time limit: a number of seconds, a TimeSpan, or text such as <c>90s</c>, <c>10m</c>, <c>1h30m</c> or <c>00:10:00</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeLimitTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // PowerShell reads 1d as a number, d for decimal; what was typed tells what was meant.
        var value = inputData is not PSObject wrapper ? inputData
            : wrapper.BaseObject is decimal ? LanguagePrimitives.ConvertTo<string>(wrapper)
            : wrapper.BaseObject;
        return value switch
        {
            TimeSpan time => time,
            string text when double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) => FromSeconds(seconds),
            string text when FromUnits(text) is { } time => time,
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) => time,
            IConvertible and not string and not bool and not DateTime => FromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ => throw Invalid(value),
        };
    }

    private static TimeSpan FromSeconds(double seconds) =>
        double.IsFinite(seconds) && Math.Abs(seconds) < int.MaxValue ? TimeSpan.FromSeconds(seconds) : throw Invalid(seconds);

    /// <summary>Reads numbers with the units d, h, m and s; null where there is anything else.</summary>
    internal static TimeSpan? FromUnits(string text)
    {
        var total = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0
                || !double.TryParse(rest[..digits], CultureInfo.InvariantCulture, out var number)
                || char.ToLowerInvariant(rest[digits]) is not ('d' or 'h' or 'm' or 's')
                || number > int.MaxValue)
            {
                return null;
            }

            total += char.ToLowerInvariant(rest[digits]) switch
            {
                'd' => TimeSpan.FromDays(Math.Min(number, 10_000)),
                'h' => TimeSpan.FromHours(Math.Min(number, 100_000)),
                'm' => TimeSpan.FromMinutes(Math.Min(number, 1_000_000)),
                _ => TimeSpan.FromSeconds(number),
            };
            rest = rest[(digits + 1)..].TrimStart();
        }

        return total == TimeSpan.Zero ? null : total;
    }

    private static ArgumentTransformationMetadataException Invalid(object? value) =>
        new($"'{TerminalText.OneLine(value?.ToString(), 60)}' is no time limit. Give seconds (600), or text such as 90s, 10m, 1h30m or 00:10:00.");
}
