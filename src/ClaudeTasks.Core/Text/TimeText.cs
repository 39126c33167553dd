using System.Globalization;
using ClaudeTasks.Model;

namespace ClaudeTasks.Text;

/// <summary>Times as people read them.</summary>
public static class TimeText
{
    /// <summary>A moment in local time, with its day where that is not today's.</summary>
    public static string Moment(DateTime utc) => MomentText.Of(utc);

    /// <summary>A span, such as <c>90 seconds</c> or <c>10 minutes</c>.</summary>
    public static string Span(TimeSpan time) => time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} seconds")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes");
}
