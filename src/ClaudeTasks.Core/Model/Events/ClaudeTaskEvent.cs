using System.Text;

namespace ClaudeTasks.Model;

/// <summary>One recorded thing of a task. Events are append-only; <see cref="Seq"/> orders them without a gap.</summary>
public sealed class ClaudeTaskEvent
{
    private readonly byte[]? _raw;
    private readonly int? _unpackedSize;
    private readonly int? _textAt;

    internal ClaudeTaskEvent(
        int task,
        Guid taskId,
        int seq,
        DateTime time,
        ClaudeTaskEventKind kind,
        string? text,
        byte[]? raw,
        int? unpackedSize = null,
        int? textAt = null)
    {
        Task = task;
        TaskId = taskId;
        Seq = seq;
        Time = time;
        Kind = kind;
        _raw = raw;
        _unpackedSize = unpackedSize;

        // A text that was lost with its page cannot be put back.
        _textAt = text is null ? null : textAt;
        Text = text ?? (ReadRest() is { } line ? Encoding.UTF8.GetString(line) : "");
    }

    /// <summary>The number of the task.</summary>
    public int Task { get; }

    /// <summary>The GUID of the task.</summary>
    public Guid TaskId { get; }

    /// <summary>The place in the task's own order, from 1.</summary>
    public int Seq { get; }

    /// <summary>When it was recorded, UTC.</summary>
    public DateTime Time { get; }

    /// <summary>What it is about.</summary>
    public ClaudeTaskEventKind Kind { get; }

    /// <summary>The human line. It may hold anything the agent printed: neutralise it before it reaches a terminal.</summary>
    public string Text { get; }

    /// <summary>
    /// The line the event came from, whole, or null when no line stands behind it. Bytes that are no UTF-8 appear as U+FFFD here;
    /// <see cref="GetRawBytes"/> has them as they came.
    /// </summary>
    public string? Raw => GetRawBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The bytes of the line the event came from, without its line end.</summary>
    public byte[]? GetRawBytes()
    {
        var rest = ReadRest();
        return rest is not null && _textAt is { } at and >= 0 && at <= rest.Length ? TextInLine.PutBack(rest, Text, at) : rest;
    }

    /// <summary>The line, without its text where that was taken out.</summary>
    private byte[]? ReadRest() => _raw is not null && _unpackedSize is { } size ? PackedLine.Unpack(_raw, size) : _raw;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
