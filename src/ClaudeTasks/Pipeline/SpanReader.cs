using System.Buffers;
using System.Globalization;
using System.Management.Automation;

namespace ClaudeTasks.Pipeline;

/// <summary>Reads a time span from what a user typed. It ignores the user's culture, as PowerShell's own parameters do.</summary>
internal static class SpanReader
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Returns the value without PowerShell's wrapper. PowerShell reads 1d as a decimal number, so the typed text tells what was meant.</summary>
    public static object? Unwrap(object? value) =>
        value is not PSObject wrapper ? value
        : wrapper.BaseObject is decimal ? LanguagePrimitives.ConvertTo<string>(wrapper)
        : wrapper.BaseObject;

    /// <summary>Returns a number, or text that is one, as that many units; null for anything else.</summary>
    public static TimeSpan? FromNumber(object? value, TimeSpan unit)
    {
        var number = value switch
        {
            string text => double.TryParse(text, CultureInfo.InvariantCulture, out var read) ? read : double.NaN,
            IConvertible and not bool and not DateTime and not char => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            _ => double.NaN,
        };
        return double.IsFinite(number) && Math.Abs(number) < int.MaxValue && Math.Abs(number * unit.TotalDays) < TimeSpan.MaxValue.TotalDays
            ? number * unit
            : null;
    }

    /// <summary>Returns text such as 90s, 1h30m or 1.00:00:00 as a time span; null for anything else.</summary>
    public static TimeSpan? FromText(string text) =>
        FromUnits(text) ?? (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null);

    /// <summary>Returns numbers with the units d, h, m and s as a time span; null for anything else.</summary>
    public static TimeSpan? FromUnits(string text)
    {
        var total = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(rest[..digits], CultureInfo.InvariantCulture, out var number) || number > int.MaxValue)
            {
                return null;
            }

            TimeSpan? part = char.ToLowerInvariant(rest[digits]) switch
            {
                'd' => TimeSpan.FromDays(Math.Min(number, 10_000)),
                'h' => TimeSpan.FromHours(Math.Min(number, 100_000)),
                'm' => TimeSpan.FromMinutes(Math.Min(number, 1_000_000)),
                's' => TimeSpan.FromSeconds(number),
                _ => null,
            };
            if (part is not { } time)
            {
                return null;
            }

            total += time;
            rest = rest[(digits + 1)..].TrimStart();
        }

        return total == TimeSpan.Zero ? null : total;
    }
}
