namespace ClaudeTasks.Model;

/// <summary>An event on its way to the log, which gives it its place in the task's order.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">The human line; null when the raw line itself is the text.</param>
/// <param name="Raw">
/// The line it came from, as bytes: without its text where <see cref="TextAt"/> stands beside it, packed where <see cref="UnpackedSize"/>
/// does.
/// </param>
internal readonly record struct EventDraft(ClaudeTaskEventKind Kind, string? Text, byte[]? Raw = null)
{
    public DateTime Time { get; init; } = DateTime.UtcNow;

    /// <summary>The size of the line, in bytes, where it is packed.</summary>
    public int? UnpackedSize { get; private init; }

    /// <summary>Where in the line the text was taken out, in bytes; null where nothing was.</summary>
    public int? TextAt { get; private init; }

    /// <summary>The event of a line, of which a copy is kept; where the line says what the text is, of the rest of it.</summary>
    public static EventDraft OfLine(ClaudeTaskEventKind kind, string? text, ReadOnlySpan<byte> line) =>
        text is not null && TextInLine.TryTakeOut(line, text) is var (around, at)
            ? new EventDraft(kind, text, around) { TextAt = at }
            : new EventDraft(kind, text, line.ToArray());

    /// <summary>The event with its line packed, where it is a long one and becomes smaller by an eighth.</summary>
    public EventDraft Pack() =>
        Raw is { Length: >= PackedLine.Shortest } line && PackedLine.TryPack(line, line.Length - (line.Length / 8)) is { } packed
            ? this with { Raw = packed, UnpackedSize = line.Length }
            : this;

    /// <summary>What the event costs in memory while it waits to be written, in bytes.</summary>
    public int Size => 64 + (Raw?.Length ?? 0) + (2 * (Text?.Length ?? 0));
}
