using System.Text;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Tests;

public class LineReaderTests
{
    private static readonly byte[] Sample = [.. "first\r\n\nthird \r middle\nünï\r\r\n"u8, 0xff, 0x00, 0xfe, (byte)'\n', .. "last"u8];

    public static TheoryData<int> Sizes => [1, 65534, 65535, 65536, 65537, 131071, 131072, 131073, 5 * 1024 * 1024];

    [Fact]
    public void Lines_are_the_same_wherever_the_stream_is_split_in_two()
    {
        for (var split = 0; split <= Sample.Length; split++)
        {
            Assert.Equal(Expected(Sample), Read(Sample[..split], Sample[split..]));
        }
    }

    [Fact]
    public void Lines_are_the_same_for_chunks_of_every_size()
    {
        for (var size = 1; size <= Sample.Length; size++)
        {
            Assert.Equal(Expected(Sample), Read([.. Sample.Chunk(size)]));
        }
    }

    [Fact]
    public void Both_line_ends_end_a_line_and_only_the_last_carriage_return_belongs_to_it()
    {
        var lines = Read(Sample).Select(Convert.FromHexString).Select(Encoding.Latin1.GetString).ToArray();

        Assert.Equal(["first", "", "third \r middle", Encoding.Latin1.GetString("ünï\r"u8), "\u00ff\0\u00fe", "last"], lines);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n", 1)]
    [InlineData("\n\n\n", 3)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\r", 1)]
    [InlineData("a\nb", 2)]
    public void A_last_line_needs_no_end_and_nothing_is_no_line(string text, int count)
    {
        Assert.Equal(count, Read(Encoding.UTF8.GetBytes(text)).Count);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lines_of_any_length_come_whole_with_small_ones_around_them(int length)
    {
        var random = new Random(length);
        var huge = new byte[length];
        random.NextBytes(huge);
        huge.AsSpan().Replace((byte)'\n', (byte)'x');
        huge[^1] = (byte)'y';
        byte[] all = [.. "before\n"u8, .. huge, (byte)'\n', .. "after\n"u8, .. huge, (byte)'\n', .. "end"u8];

        var lines = Read([.. all.Chunk(40_000)]);

        Assert.Equal(
            ["6265666F7265", Convert.ToHexString(huge), "6166746572", Convert.ToHexString(huge), "656E64"],
            lines);
    }

    [Fact]
    public void Many_lines_of_random_bytes_come_as_they_were_written()
    {
        var random = new Random(7);
        var all = new byte[700_000];
        random.NextBytes(all);
        for (var i = 0; i < all.Length; i += random.Next(1, 300))
        {
            all[i] = (byte)'\n';
        }

        Assert.Equal(Expected(all), Read([.. all.Chunk(4_099)]));
    }

    /// <summary>The same cut by the simplest means.</summary>
    private static List<string> Expected(byte[] bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return
        [
            .. lines.Select(line => line.EndsWith('\r') ? line[..^1] : line)
                .Select(line => Convert.ToHexString(Encoding.Latin1.GetBytes(line)))
        ];
    }

    private static List<string> Read(params byte[][] chunks)
    {
        var reader = new LineReader(new ChunkStream(chunks));
        var lines = new List<string>();
        while (reader.Read() is { } line)
        {
            lines.Add(Convert.ToHexString(line.Span));
        }

        return lines;
    }

    /// <summary>Hands out at most one chunk per read, as a pipe does.</summary>
    private sealed class ChunkStream(IEnumerable<byte[]> chunks) : MemoryStream
    {
        private readonly Queue<byte[]> _chunks = new(chunks.Where(chunk => chunk.Length > 0));

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (!_chunks.TryPeek(out var chunk))
            {
                return 0;
            }

            _chunks.Dequeue();
            var taken = Math.Min(count, chunk.Length);
            chunk.AsSpan(0, taken).CopyTo(buffer.AsSpan(offset));
            if (taken < chunk.Length)
            {
                var rest = new Queue<byte[]>([chunk[taken..], .. _chunks]);
                _chunks.Clear();
                foreach (var item in rest)
                {
                    _chunks.Enqueue(item);
                }
            }

            return taken;
        }
    }
}
