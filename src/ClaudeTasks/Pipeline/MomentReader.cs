using System.Globalization;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// Reads a moment from what a user typed. As PowerShell's own parameters and casts do, it ignores the user's culture: 01/02/2026 is the
/// second of January everywhere, and the calendar is the Gregorian one.
/// </summary>
internal static class MomentReader
{
    private const double MostDays = 100_000;

    /// <summary>Returns the moment in local time, or null for text that is not a moment.</summary>
    /// <param name="text">A date and time, a time of day, now, today, tomorrow 9:00, or a time span such as 2h.</param>
    /// <param name="isFuture">Whether a time of day is the next one and a time span begins now; otherwise the time span ended now.</param>
    /// <param name="now">The local time.</param>
    public static DateTime? Read(string text, bool isFuture, DateTime now)
    {
        var words = text.ToLowerInvariant().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int? day = words is [var first, ..] ? first switch { "yesterday" => -1, "today" => 0, "tomorrow" => 1, _ => null } : null;
        if (day is { } days)
        {
            return words.Length == 1 ? now.Date.AddDays(days)
                : FromDate(words[1]) is { } hour && hour.Date == default ? now.Date.AddDays(days) + hour.TimeOfDay
                : null;
        }

        if (words is ["now"])
        {
            return now;
        }

        if (SpanReader.FromUnits(text) is { } distance)
        {
            return Apart(distance, isFuture, now);
        }

        if (FromDate(text) is { } moment)
        {
            var today = now.Date + moment.TimeOfDay;
            return moment.Date != default ? moment : isFuture && today <= now ? today.AddDays(1) : today;
        }

        return SpanReader.FromText(text) is { } span ? Apart(span, isFuture, now) : null;
    }

    /// <summary>Returns the moment that lies this far from now; null for one that is too far or on the other side.</summary>
    public static DateTime? Apart(TimeSpan span, bool isFuture, DateTime now) =>
        span < TimeSpan.Zero || span.TotalDays > MostDays ? null : isFuture ? now + span : now - span;

    /// <summary>A time of day alone has the date 1 January of year 1. TimeOnly would read the time of a whole date, too.</summary>
    private static DateTime? FromDate(string text) =>
        DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault | DateTimeStyles.AssumeLocal, out var moment)
            ? moment
            : null;
}
