using System.Buffers.Binary;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Unique ids. One random seed and a counter, because a million lines each need one.</summary>
internal static class Identifier
{
    private static readonly Guid Seed = Guid.NewGuid();
    private static int counter;

    public static Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        Seed.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], Interlocked.Increment(ref counter));
        return new Guid(bytes);
    }

    public static string Next(string prefix) => string.Concat(prefix, Next().ToString("N").AsSpan(12));
}
