using System.Globalization;

namespace ClaudeTasks.Text;

/// <summary>Amounts as people read them.</summary>
public static class ReadableText
{
    /// <summary>Two units at most, such as <c>1h 05m</c>, <c>4m 10s</c> or <c>0.4s</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h {time.Minutes:00}m"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m {time.Seconds:00}s"),
        { TotalSeconds: >= 10 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}s"),
    };

    /// <summary>One unit, as one says it when it is not known exactly: <c>40s</c>, <c>12m</c> or <c>1.5h</c>.</summary>
    public static string Rough(TimeSpan time) => time switch
    {
        { TotalMinutes: >= 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#}h"),
        { TotalSeconds: >= 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
    };

    /// <summary>US dollars with two to four places.</summary>
    public static string Money(decimal dollars) => dollars.ToString("$0.00##", CultureInfo.InvariantCulture);
}
