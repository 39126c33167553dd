using System.IO.Compression;

namespace ClaudeTasks.Tasks;

/// <summary>
/// A long line as the store keeps it, compressed. The fastest level: it halves what agents print at a hundred MB a second, and better ones
/// take several times as long for a twentieth more.
/// </summary>
internal static class PackedLine
{
    /// <summary>Of shorter lines, in bytes, there is too little to gain.</summary>
    public const int Shortest = 1024;

    private const int Quality = 1, Window = 18;

    /// <summary>Compresses a line into a buffer that is smaller than it; 0 where it does not fit.</summary>
    public static int Pack(ReadOnlySpan<byte> line, Span<byte> buffer) =>
        BrotliEncoder.TryCompress(line, buffer, out var written, Quality, Window) ? written : 0;

    /// <summary>The line of so many bytes; of a damaged one what is there, as it stands.</summary>
    public static byte[] Unpack(byte[] packed, int size)
    {
        var line = new byte[size];
        return BrotliDecoder.TryDecompress(packed, line, out var written) && written == size ? line : packed;
    }
}
