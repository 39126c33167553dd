using System.Text.Json;
using System.Text.Json.Serialization;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Cli;

/// <summary>One JSON object a line: the events, and last the task.</summary>
internal sealed class JsonOutput : IOutput
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter() } };

    public void Started(ClaudeTask task)
    {
    }

    public void Blocked(ClaudeTask task, ClaudeTask blocker) => Ended(task);

    public void Event(ClaudeTaskEvent item) => Console.WriteLine(JsonSerializer.Serialize(item, Options));

    public void Ended(ClaudeTask task) => Console.WriteLine(JsonSerializer.Serialize(task, Options));
}
