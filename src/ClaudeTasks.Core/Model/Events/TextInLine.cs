using System.Buffers;
using System.Text;

namespace ClaudeTasks.Model;

/// <summary>
/// What an agent says stands twice in an event: as text, and in the line it came from, as JSON writes it. The store keeps it once: as text,
/// with the line around it. Put together again the line is the one that came, byte for byte, as only what is found written in exactly this
/// way is taken out of it. So the way of writing (that of <c>JSON.stringify</c>) can never be another one.
/// </summary>
internal static class TextInLine
{
    /// <summary>Of shorter texts, in characters, there is too little to gain.</summary>
    private const int Shortest = 32;

    /// <summary>How many places of a line are looked at: in one that says the same all along, each could fail at its end only.</summary>
    private const int MostPlaces = 4;

    private const int ChunkCharacters = 512;
    private const int MostBytesOfCharacter = 6;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    /// <summary>Takes a text out of its line; null where it does not stand there in this way.</summary>
    /// <returns>What is left of the line, and where the text stood in it, in bytes.</returns>
    public static (byte[] Around, int At)? TryTakeOut(ReadOnlySpan<byte> line, string text)
    {
        // The store's texts end at a zero character.
        if (text.Length < Shortest || text.Contains('\0'))
        {
            return null;
        }

        Span<byte> buffer = stackalloc byte[ChunkCharacters * MostBytesOfCharacter];
        var begin = buffer[..Write(text, 0, buffer, out _)];
        for (var (place, from) = (0, 0); place < MostPlaces && line[from..].IndexOf(begin) is var found and >= 0; place++)
        {
            var at = from + found;
            if (FindEnd(line, at, text) is { } end)
            {
                return ([.. line[..at], .. line[end..]], at);
            }

            from = at + 1;
        }

        return null;
    }

    /// <summary>The line as it came.</summary>
    public static byte[] PutBack(byte[] rest, string text, int at)
    {
        Span<byte> buffer = stackalloc byte[ChunkCharacters * MostBytesOfCharacter];
        var size = rest.Length;
        for (var next = 0; next < text.Length;)
        {
            size += Write(text, next, buffer, out next);
        }

        var line = new byte[size];
        rest.AsSpan(0, at).CopyTo(line);
        var end = at;
        for (var next = 0; next < text.Length;)
        {
            var written = Write(text, next, buffer, out next);
            buffer[..written].CopyTo(line.AsSpan(end));
            end += written;
        }

        rest.AsSpan(at).CopyTo(line.AsSpan(end));
        return line;
    }

    private static int? FindEnd(ReadOnlySpan<byte> line, int at, string text)
    {
        Span<byte> buffer = stackalloc byte[ChunkCharacters * MostBytesOfCharacter];
        for (var next = 0; next < text.Length;)
        {
            var chunk = buffer[..Write(text, next, buffer, out next)];
            if (!line[at..].StartsWith(chunk))
            {
                return null;
            }

            at += chunk.Length;
        }

        return at;
    }

    /// <summary>Writes the next piece of a text, which never ends within a character.</summary>
    private static int Write(string text, int from, Span<byte> buffer, out int next)
    {
        var piece = text.AsSpan(from, Math.Min(ChunkCharacters, text.Length - from));
        if (piece.Length > 1 && from + piece.Length < text.Length && char.IsHighSurrogate(piece[^1]))
        {
            piece = piece[..^1];
        }

        next = from + piece.Length;
        var written = 0;
        while (piece.IndexOfAny(Escaped) is var plain and >= 0)
        {
            written += Encoding.UTF8.GetBytes(piece[..plain], buffer[written..]);
            written += WriteEscaped(piece[plain], buffer[written..]);
            piece = piece[(plain + 1)..];
        }

        return written + Encoding.UTF8.GetBytes(piece, buffer[written..]);
    }

    private static int WriteEscaped(char character, Span<byte> buffer)
    {
        var escape = character switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', (byte)('0' + (character >> 4)), (byte)"0123456789abcdef"[character & 0xF]],
        };
        escape.CopyTo(buffer);
        return escape.Length;
    }
}
