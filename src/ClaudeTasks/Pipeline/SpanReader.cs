using System.Buffers;
using System.Globalization;
using System.Management.Automation;

namespace ClaudeTasks.Pipeline;

/// <summary>Reads a time span from what a user typed. It ignores the user's culture, as PowerShell's own parameters do.</summary>
internal static class SpanReader
{
    /// <summary>Nothing that a person waits for is longer, and the sum of two such spans still fits into one.</summary>
    private const double MostDays = 1_000_000;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>
    /// Returns the value without PowerShell's wrapper. PowerShell reads 1d as a decimal number, so the typed text tells what was meant.
    /// </summary>
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
        FromUnits(text) ?? (text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)
                ? time
                : null);

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

            TimeSpan? unit = char.ToLowerInvariant(rest[digits]) switch
            {
                'd' => TimeSpan.FromDays(1),
                'h' => TimeSpan.FromHours(1),
                'm' => TimeSpan.FromMinutes(1),
                's' => TimeSpan.FromSeconds(1),
                _ => null,
            };
            TimeSpan? part = unit is { } one && number * one.TotalDays < MostDays ? number * one : null;
            if (part is not { } time || (total += time).TotalDays > MostDays)
            {
                return null;
            }

            rest = rest[(digits + 1)..].TrimStart();
        }

        return total == TimeSpan.Zero ? null : total;
    }
}
