using ClaudeTasks.Agent;

namespace ClaudeTasks.Tests.Support;

/// <summary>A recorded run of the real CLI.</summary>
internal static class Transcript
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.jsonl").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static List<byte[]> Lines(string name)
    {
        using var stream = File.OpenRead(Path.Combine(Folder, Names.Single(file => file.StartsWith(name, StringComparison.Ordinal))));
        var reader = new Processes.LineReader(stream);
        var lines = new List<byte[]>();
        while (reader.Read() is { } line)
        {
            lines.Add(line.ToArray());
        }

        return lines;
    }

    /// <summary>What the lines say of the conversation: its last result, and whether the session became idle after it.</summary>
    public static (AgentResult? Result, bool IsIdle) Outcome(string name)
    {
        AgentResult? result = null;
        var isIdle = false;
        var reader = new MessageReader("/repository");
        foreach (var line in Lines(name))
        {
            switch (reader.Read(line).Message)
            {
                case AgentMessage.TurnStarted:
                    isIdle = false;
                    break;
                case AgentMessage.TurnEnded turn:
                    result = turn.Result;
                    break;
                case AgentMessage.Idle:
                    isIdle = result is not null;
                    break;
            }
        }

        return (result, isIdle);
    }
}
