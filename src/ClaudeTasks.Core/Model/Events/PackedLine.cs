using System.Buffers;
using System.IO.Compression;

namespace ClaudeTasks.Model;

/// <summary>
/// A long line as the store keeps it, compressed. The fastest level: it halves what agents print at a hundred MB a second, and better ones
/// take several times as long for a twentieth more.
/// </summary>
internal static class PackedLine
{
    /// <summary>Of shorter lines, in bytes, there is too little to gain.</summary>
    public const int Shortest = 1024;

    private const int Quality = 1, Window = 18;

    /// <summary>Compresses a line; null where it would be larger than <paramref name="most"/> bytes.</summary>
    public static byte[]? TryPack(ReadOnlySpan<byte> line, int most)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(most);
        var packed = BrotliEncoder.TryCompress(line, buffer.AsSpan(0, most), out var written, Quality, Window)
            ? buffer.AsSpan(0, written).ToArray()
            : null;
        ArrayPool<byte>.Shared.Return(buffer);
        return packed;
    }

    /// <summary>The line of so many bytes; of a damaged one what is there, as it stands.</summary>
    public static byte[] Unpack(byte[] packed, int size)
    {
        var line = new byte[size];
        return BrotliDecoder.TryDecompress(packed, line, out var written) && written == size ? line : packed;
    }
}
