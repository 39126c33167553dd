namespace ClaudeTasks.Tasks;

/// <summary>An event on its way to the log, which gives it its place in the task's order.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">The human line; null when the raw line itself is the text.</param>
/// <param name="Raw">The line it came from, as bytes; packed where <see cref="UnpackedSize"/> stands beside it.</param>
internal readonly record struct EventDraft(ClaudeTaskEventKind Kind, string? Text, byte[]? Raw = null)
{
    public DateTime Time { get; init; } = DateTime.UtcNow;

    /// <summary>The size of the line, in bytes, where it is packed.</summary>
    public int? UnpackedSize { get; private init; }

    /// <summary>The event with its line packed, where it is a long one and becomes smaller by an eighth.</summary>
    public EventDraft Pack() =>
        Raw is { Length: >= PackedLine.Shortest } line && PackedLine.TryPack(line, line.Length - (line.Length / 8)) is { } packed
            ? this with { Raw = packed, UnpackedSize = line.Length }
            : this;

    /// <summary>What the event costs in memory while it waits to be written, in bytes.</summary>
    public int Size => 64 + (Raw?.Length ?? 0) + (2 * (Text?.Length ?? 0));
}
