using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Timeline;

/// <summary>A line of text, or a row of the screen, and how it looks.</summary>
/// <param name="Text">The text. In a row of the screen it is harmless.</param>
/// <param name="Tone">How it looks.</param>
internal readonly record struct ToneLine(string Text, Tone Tone = Tone.Plain)
{
    private const int LongestEvent = 20_000;

    /// <summary>An event's lines, as <see cref="EventLine"/> has them; of a very long one the beginning.</summary>
    public static IEnumerable<ToneLine> Of(ClaudeTaskEvent item)
    {
        var text = item.Text.Length > LongestEvent ? item.Text[..LongestEvent] + "…" : item.Text;
        var tone = item.Kind switch
        {
            ClaudeTaskEventKind.Error => Tone.Bad,
            ClaudeTaskEventKind.Warning or ClaudeTaskEventKind.Permission => Tone.Attention,
            ClaudeTaskEventKind.Status => Tone.Heading,
            ClaudeTaskEventKind.Message or ClaudeTaskEventKind.ToolUse or ClaudeTaskEventKind.UserMessage => Tone.Plain,
            _ => Tone.Faint,
        };
        return EventLine.Format(item.Kind, text).Split('\n').Select(line => new ToneLine(line, tone));
    }

    /// <summary>A line of a diff's hunk.</summary>
    public static ToneLine OfHunk(string line) => new(line, line is "" ? Tone.Plain : line[0] switch
    {
        '+' => Tone.Good,
        '-' => Tone.Bad,
        '@' => Tone.Heading,
        _ => Tone.Plain,
    });
}
