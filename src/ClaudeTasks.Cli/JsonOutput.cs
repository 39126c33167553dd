using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using ClaudeTasks.Model;

namespace ClaudeTasks.Cli;

/// <summary>One JSON object a line: the events, and last the task.</summary>
internal sealed class JsonOutput : IOutput
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter() }, Encoder = Encoder() };

    public void Started(ClaudeTask task)
    {
    }

    public void Blocked(ClaudeTask task, ClaudeTask blocker) => Ended(task);

    public void Event(ClaudeTaskEvent item) => Console.WriteLine(JsonSerializer.Serialize(item, Options));

    public void Ended(ClaudeTask task) => Console.WriteLine(JsonSerializer.Serialize(task, Options));

    /// <summary>Without the sign that begins a command to a CI service anywhere in its log: as an escape the value is the same.</summary>
    private static JavaScriptEncoder Encoder()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.BasicLatin);
        settings.ForbidCharacter('#');
        return JavaScriptEncoder.Create(settings);
    }
}
