using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>The lines of a conversation, in the shape the real CLI gives them.</summary>
internal sealed class Messages(Output output, CommandLine commandLine)
{
    private const string Tools =
        """["Task","AskUserQuestion","Bash","Edit","EnterPlanMode","ExitPlanMode","NotebookEdit","Read","WebFetch","WebSearch","Write"]""";

    private const string MessageUsage =
        """{"input_tokens":100,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}""";

    // Shared by all blocks of one answer of the model, which a tool result ends.
    private string messageId = "";
    private string requestId = "";

    public void State(string state) => System("session_state_changed", writer => writer.WriteString("state", state));

    public void System(string subtype, Action<Utf8JsonWriter> properties) => Line("system", writer =>
    {
        writer.WriteString("subtype", subtype);
        properties(writer);
    });

    public void RateLimit(JsonElement info) => Line("rate_limit_event", writer => writer.WriteProperty("rate_limit_info", info));

    /// <summary>Only a message that came with an id has a life-cycle.</summary>
    public void Lifecycle(UserMessage message, string state)
    {
        if (message.Uuid is not { } uuid)
            return;
        Line("command_lifecycle", writer =>
        {
            writer.WriteString("command_uuid", uuid);
            writer.WriteString("state", state);
        });
    }

    public void Init(UserMessage message, Scenario scenario, string permissionMode)
    {
        NewAnswer();
        System("init", writer =>
        {
            writer.WriteString("cwd", Environment.CurrentDirectory);
            writer.WritePropertyName("tools");
            writer.WriteRawValue(Tools);
            writer.WriteEmptyArray("mcp_servers");
            writer.WriteString("model", commandLine.Model);
            writer.WriteString("permissionMode", permissionMode);
            writer.WriteEmptyArray("slash_commands");
            writer.WriteString("apiKeySource", scenario.Account.Text("apiKeySource") ?? "none");
            writer.WriteString("claude_code_version", scenario.Version.Split(' ')[0]);
            writer.WriteString("output_style", "default");
            writer.WriteEmptyArray("agents");
            writer.WriteEmptyArray("skills");
            writer.WriteEmptyArray("plugins");
            writer.WritePropertyName("capabilities");
            writer.WriteRawValue("""["interrupt_receipt_v1","interrupt_cancel_queued_v1","msg_lifecycle_v1"]""");
            WriteUserMessageUuids(writer, message);
        });
    }

    public void Text(string text) => Assistant(writer =>
    {
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
    });

    public void Thinking(string thinking) => Assistant(writer =>
    {
        writer.WriteString("type", "thinking");
        writer.WriteString("thinking", thinking);
        writer.WriteString("signature", "c2ltdWxhdGVk");
    });

    public void ToolUse(string id, string tool, JsonElement input) => Assistant(writer =>
    {
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", id);
        writer.WriteString("name", tool);
        writer.WriteProperty("input", input);
    });

    public void ToolResult(string id, ToolOutcome outcome, ToolVerdict verdict) => User(
        block =>
        {
            block.WriteString("tool_use_id", id);
            block.WriteString("type", "tool_result");
            block.WriteString("content", outcome.Content);
            if (outcome.IsError)
                block.WriteBoolean("is_error", true);
        },
        line =>
        {
            line.WritePropertyName("tool_use_result");
            outcome.Details(line);
            line.WriteStartArray("tool_result_meta");
            line.WriteStartObject();
            line.WriteString("id", id);
            WriteVerdict(line, verdict);
            line.WriteEndObject();
            line.WriteEndArray();
        });

    public void UserText(string text) => User(
        block =>
        {
            block.WriteString("type", "text");
            block.WriteString("text", text);
        },
        _ => { });

    public void Line(string type, Action<Utf8JsonWriter> properties) => output.Line(writer =>
    {
        writer.WriteString("type", type);
        properties(writer);
        writer.WriteString("uuid", Identifier.Next());
        writer.WriteString("session_id", commandLine.SessionId);
    });

    public static void WriteUserMessageUuids(Utf8JsonWriter writer, UserMessage message)
    {
        if (message.Uuid is not { } uuid)
            return;
        writer.WriteStartArray("user_message_uuids");
        writer.WriteStringValue(uuid);
        writer.WriteEndArray();
    }

    private void Assistant(Action<Utf8JsonWriter> block) => Line("assistant", writer =>
    {
        writer.WriteStartObject("message");
        writer.WriteString("id", messageId);
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", commandLine.Model);
        WriteContent(writer, block);
        writer.WriteNull("stop_reason");
        writer.WriteNull("stop_sequence");
        writer.WritePropertyName("usage");
        writer.WriteRawValue(MessageUsage, skipInputValidation: true);
        writer.WriteNull("context_management");
        writer.WriteEndObject();
        writer.WriteNull("parent_tool_use_id");
        WriteTimestamp(writer);
        writer.WriteString("request_id", requestId);
    });

    private void User(Action<Utf8JsonWriter> block, Action<Utf8JsonWriter> properties)
    {
        Line("user", writer =>
        {
            writer.WriteStartObject("message");
            writer.WriteString("role", "user");
            WriteContent(writer, block);
            writer.WriteEndObject();
            writer.WriteNull("parent_tool_use_id");
            WriteTimestamp(writer);
            properties(writer);
        });
        NewAnswer();
    }

    private void NewAnswer()
    {
        messageId = Identifier.Next("msg_");
        requestId = Identifier.Next("req_");
    }

    private static void WriteContent(Utf8JsonWriter writer, Action<Utf8JsonWriter> block)
    {
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        block(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteVerdict(Utf8JsonWriter writer, ToolVerdict verdict)
    {
        if (verdict is ToolVerdict.Denied or ToolVerdict.Interrupted)
            writer.WriteString("non_execution_kind", verdict == ToolVerdict.Denied ? "permission-rule" : "user-rejected");
        if (verdict == ToolVerdict.Interrupted)
            return;
        writer.WriteStartObject("permission_decision");
        writer.WriteString("decision", verdict == ToolVerdict.Denied ? "reject" : "accept");
        writer.WriteString("source", verdict switch
        {
            ToolVerdict.Denied => "user_reject",
            ToolVerdict.AllowedByUser => "user_temporary",
            _ => "config",
        });
        writer.WriteEndObject();
    }

    private static void WriteTimestamp(Utf8JsonWriter writer)
    {
        var now = DateTime.UtcNow;
        writer.WriteString("timestamp", now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)));
    }
}
