using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Standard output, a line at a time. Turns and control answers write from different threads.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process.")]
internal sealed class Output
{
    private const int BatchSize = 64 * 1024;

    private readonly object gate = new();
    private readonly Stream stream = Console.OpenStandardOutput();
    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly Utf8JsonWriter writer;
    private FileStream? ledger;
    private bool batching;

    public Output()
    {
        // The real CLI escapes as little as JSON allows.
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
        writer = new Utf8JsonWriter(buffer, options);
    }

    /// <summary>Whether lines may wait until there are many. Whoever blocks must switch this off first.</summary>
    public bool Batching
    {
        set
        {
            if (batching == value)
                return;
            lock (gate)
            {
                batching = value;
                FlushWhenDue();
            }
        }
    }

    public void Line(Action<Utf8JsonWriter> properties)
    {
        lock (gate)
        {
            writer.Reset();
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
            writer.Flush();
            buffer.Write("\n"u8);
            FlushWhenDue();
        }
    }

    public void Raw(ReadOnlySpan<byte> bytes, bool newline)
    {
        lock (gate)
        {
            buffer.Write(bytes);
            if (newline)
                buffer.Write("\n"u8);
            FlushWhenDue();
        }
    }

    /// <summary>From now on everything written is also appended to this file, but never before a reader could have it.</summary>
    public void KeepLedger(string path)
    {
        lock (gate)
            ledger = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    private void FlushWhenDue()
    {
        if (buffer.WrittenCount == 0 || (batching && buffer.WrittenCount < BatchSize))
            return;
        stream.Write(buffer.WrittenSpan);
        stream.Flush();
        ledger?.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }
}
