using BenchmarkDotNet.Attributes;
using ClaudeTasks.Agent;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Benchmarks;

/// <summary>What is done with each line of an agent before it is stored, and with each text before it is shown.</summary>
[MemoryDiagnoser]
public class LineBenchmarks
{
    private const int Lines = 1000;

    private readonly byte[] _stream = AgentLines.Stream(Lines);
    private readonly byte[] _line = AgentLines.Make(1);
    private readonly MessageReader _messages = new("/home/dev/repository");
    private readonly string _plain = string.Concat(Enumerable.Repeat("A line of plain text of an agent.\n", 300))[..10_000];
    private readonly string _coloured =
        string.Concat(Enumerable.Repeat("\u001b[31mA line\u001b[0m in colour, with naïve words.\n", 300))[..10_000];

    [Benchmark(Description = "1,000 lines read from a stream")]
    public int ReadLines()
    {
        var reader = new LineReader(new MemoryStream(_stream));
        var count = 0;
        while (reader.Read() is not null)
        {
            count++;
        }

        return count;
    }

    [Benchmark(Description = "a line to its message and event")]
    public object? ReadMessage() => _messages.Read(_line).Event.Text;

    [Benchmark(Description = "10 kB of plain text made safe for a terminal")]
    public string CleanPlain() => TerminalText.Clean(_plain);

    [Benchmark(Description = "10 kB of coloured text made safe for a terminal")]
    public string CleanColoured() => TerminalText.Clean(_coloured);
}
