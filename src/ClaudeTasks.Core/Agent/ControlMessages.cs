using System.Buffers;
using System.Text.Json;

namespace ClaudeTasks.Agent;

/// <summary>
/// The lines we send. Each is one JSON object and one <c>\n</c>: a line that is not well-formed ends the agent at once (observed on 2.1.330).
/// </summary>
internal static class ControlMessages
{
    public const string InitializeId = "initialize";
    private const string InterruptId = "interrupt";
    private const string NobodyThere =
        "Nobody is there to allow this. Go on without it, or finish and say in your final answer what you could not do.";

    public static byte[] Initialize() => Control(InitializeId, "initialize");

    public static byte[] Interrupt() => Control(InterruptId, "interrupt");

    /// <summary>The prompt as composed text: a leading <c>/</c> runs no command and <c>@file</c> pulls no file in.</summary>
    public static byte[] Prompt(string text, Guid id) => Line(writer =>
    {
        writer.WriteString("type", "user");
        writer.WriteStartObject("message");
        writer.WriteString("role", "user");
        writer.WriteString("content", text);
        writer.WriteEndObject();
        writer.WriteNull("parent_tool_use_id");
        writer.WriteString("uuid", id);
        writer.WriteBoolean("client_composed", true);
    });

    /// <summary>A denial needs a message; without one the agent makes up its own.</summary>
    public static byte[] Deny(string requestId) => Answer(requestId, "success", writer =>
    {
        writer.WriteStartObject("response");
        writer.WriteString("behavior", "deny");
        writer.WriteString("message", NobodyThere);
        writer.WriteEndObject();
    });

    public static byte[] Refuse(string requestId, string subtype) =>
        Answer(requestId, "error", writer => writer.WriteString("error", $"Unsupported control request subtype: {subtype}"));

    private static byte[] Control(string id, string subtype) => Line(writer =>
    {
        writer.WriteString("type", "control_request");
        writer.WriteString("request_id", id);
        writer.WriteStartObject("request");
        writer.WriteString("subtype", subtype);
        writer.WriteEndObject();
    });

    private static byte[] Answer(string requestId, string subtype, Action<Utf8JsonWriter> body) => Line(writer =>
    {
        writer.WriteString("type", "control_response");
        writer.WriteStartObject("response");
        writer.WriteString("subtype", subtype);
        writer.WriteString("request_id", requestId);
        body(writer);
        writer.WriteEndObject();
    });

    private static byte[] Line(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
