using System.Text;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Collects what one stream of a command says, for as long as anybody holds it open.</summary>
internal sealed class CommandOutput
{
    private readonly StringBuilder text = new();

    public CommandOutput(StreamReader reader) => Ended = Collect(reader);

    public Task Ended { get; }

    public override string ToString()
    {
        lock (text)
            return text.ToString().TrimEnd('\n');
    }

    private async Task Collect(StreamReader reader)
    {
        var chunk = new char[4096];
        while (await reader.ReadAsync(chunk) is var count and > 0)
        {
            lock (text)
                text.Append(chunk, 0, count);
        }
    }
}
