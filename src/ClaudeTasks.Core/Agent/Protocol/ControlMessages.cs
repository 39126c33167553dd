using System.Buffers;
using System.Text.Json;
using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>
/// The lines we send. Each is one JSON object and one <c>\n</c>: a line that is not well-formed ends the agent at once (observed on
/// 2.1.330).
/// </summary>
internal static class ControlMessages
{
    public const string InitializeId = "initialize";
    public const string UsageId = "usage";

    /// <summary>The tool with which the agent asks something of its own.</summary>
    public const string QuestionTool = "AskUserQuestion";

    private const string InterruptId = "interrupt";
    private const string QuestionHook = "question";

    /// <summary>
    /// The first exchange. The hook makes the agent ask before its own question is shown to anybody, where the question can also be
    /// deferred; it may stay open for as long as a task may take.
    /// </summary>
    /// <param name="instructions">The text to append to the system prompt; null for none.</param>
    public static byte[] Initialize(string? instructions) => Control(InitializeId, "initialize", writer =>
    {
        if (instructions is not null)
        {
            writer.WriteString("appendSystemPrompt", instructions);
        }

        writer.WriteStartObject("hooks");
        writer.WriteStartArray("PreToolUse");
        writer.WriteStartObject();
        writer.WriteString("matcher", QuestionTool);
        writer.WriteStartArray("hookCallbackIds");
        writer.WriteStringValue(QuestionHook);
        writer.WriteEndArray();
        writer.WriteNumber("timeout", (long)SettingDefinition.LongestLimit.TotalSeconds);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>Ends the turn; what is queued behind it would run otherwise.</summary>
    public static byte[] Interrupt() => Control(InterruptId, "interrupt", writer => writer.WriteBoolean("cancel_queued", true));

    /// <summary>Asks what the conversation has cost so far.</summary>
    public static byte[] Usage() => Control(UsageId, "get_usage");

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

    /// <summary>Lets the tool run, with its input or another.</summary>
    public static byte[] Allow(AgentAsk ask, string? input) => ask.IsHook
        ? Decide(ask, "allow", writer => WriteRaw(writer, "updatedInput", input))
        : Answer(ask.RequestId, "success", writer =>
        {
            writer.WriteStartObject("response");
            writer.WriteString("behavior", "allow");
            WriteRaw(writer, "updatedInput", input);
            writer.WriteEndObject();
        });

    /// <summary>A denial needs a message; without one the agent makes up its own.</summary>
    public static byte[] Deny(AgentAsk ask, string message) => ask.IsHook
        ? Decide(ask, "deny", writer => writer.WriteString("permissionDecisionReason", message))
        : Answer(ask.RequestId, "success", writer =>
        {
            writer.WriteStartObject("response");
            writer.WriteString("behavior", "deny");
            writer.WriteString("message", message);
            writer.WriteEndObject();
        });

    /// <summary>The turn ends with the question open; who resumes the conversation is asked it again.</summary>
    public static byte[] Defer(AgentAsk ask) => Decide(ask, "defer", _ => { });

    public static byte[] Refuse(string requestId, string subtype) =>
        Answer(requestId, "error", writer => writer.WriteString("error", $"Unsupported control request subtype: {subtype}"));

    private static byte[] Decide(AgentAsk ask, string decision, Action<Utf8JsonWriter> more) => Answer(ask.RequestId, "success", writer =>
    {
        writer.WriteStartObject("response");
        writer.WriteStartObject("hookSpecificOutput");
        writer.WriteString("hookEventName", "PreToolUse");
        writer.WriteString("permissionDecision", decision);
        more(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void WriteRaw(Utf8JsonWriter writer, string name, string? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json);
        }
    }

    private static byte[] Control(string id, string subtype, Action<Utf8JsonWriter>? more = null) => Line(writer =>
    {
        writer.WriteString("type", "control_request");
        writer.WriteString("request_id", id);
        writer.WriteStartObject("request");
        writer.WriteString("subtype", subtype);
        more?.Invoke(writer);
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
