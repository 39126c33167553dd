using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Agent;

/// <summary>Turns one line of the agent's standard output into an event and, where it has one, its meaning to the conversation.</summary>
/// <param name="folder">The task's folder; paths in it are shown relative to it.</param>
internal sealed class MessageReader(string folder)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    private readonly EventText _text = new(folder);

    public (EventDraft Event, AgentMessage? Message) Read(byte[] line)
    {
        if (!line.AsSpan().TrimStart(" \t"u8).StartsWith("{"u8))
        {
            return (new EventDraft(ClaudeTaskEventKind.Unknown, null, line), null);
        }

        try
        {
            using var document = JsonDocument.Parse(Utf8.IsValid(line) ? line : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line)), Options);
            var (kind, text) = _text.Describe(document.RootElement);
            return (new EventDraft(kind, text, line), Interpret(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or (InvalidOperationException) half a character in a name.
            return (new EventDraft(ClaudeTaskEventKind.Unknown, null, line), null);
        }
    }

    private AgentMessage? Interpret(JsonElement line) => (line.GetText("type"), line.GetText("subtype")) switch
    {
        ("system", "init") => new AgentMessage.TurnStarted(line.GetText("model")),
        ("system", "session_state_changed") when line.GetText("state") == "idle" => new AgentMessage.Idle(),
        ("result", var subtype) => new AgentMessage.TurnEnded(ReadResult(line, subtype)),
        ("control_response", _) when line.Get("response") is { } response => ReadAnswer(response),
        ("control_request", _) when line.GetText("request_id") is { } id && line.Get("request") is { } request => ReadRequest(id, request),
        _ => null,
    };

    private AgentMessage ReadRequest(string id, JsonElement request) =>
        request.GetText("subtype") == "can_use_tool"
            ? new AgentMessage.PermissionRequest(
                id, request.GetText("tool_name") ?? "", _text.DescribeTool(request.GetText("tool_name") ?? "", request.Get("input")))
            : new AgentMessage.UnknownRequest(id, request.GetText("subtype") ?? "");

    private static AgentMessage.ControlAnswer? ReadAnswer(JsonElement response)
    {
        if (response.GetText("request_id") is not { } id)
        {
            return null;
        }

        var body = response.Get("response");
        var account = body?.Get("account") is { } found
            ? new AgentAccount(
                body?.GetText("claude_code_version"), found.GetText("tokenSource"), found.GetText("apiKeySource"), found.GetText("apiProvider"))
            : null;
        return new AgentMessage.ControlAnswer(id, response.GetText("subtype") == "success", response.GetText("error"), account);
    }

    private static AgentResult ReadResult(JsonElement line, string? subtype)
    {
        // modelUsage covers subagents too; usage only the main loop.
        long? input = null, output = null, cacheRead = null, cacheCreation = null;
        if (line.Get("modelUsage") is { ValueKind: JsonValueKind.Object } models)
        {
            foreach (var model in models.EnumerateObject())
            {
                input = Sum(input, model.Value.GetLong("inputTokens"));
                output = Sum(output, model.Value.GetLong("outputTokens"));
                cacheRead = Sum(cacheRead, model.Value.GetLong("cacheReadInputTokens"));
                cacheCreation = Sum(cacheCreation, model.Value.GetLong("cacheCreationInputTokens"));
            }
        }

        return new AgentResult
        {
            Subtype = subtype,
            IsError = line.IsTrue("is_error"),
            TerminalReason = line.GetText("terminal_reason"),
            Turns = line.GetInt("num_turns"),
            Text = line.GetText("result"),
            FirstError = line.GetItems("errors").Select(error => error.AsText()).FirstOrDefault(error => error is not null),
            ApiErrorStatus = line.GetInt("api_error_status"),
            CostUsd = line.GetDecimal("total_cost_usd"),
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = cacheRead,
            CacheCreationTokens = cacheCreation,
            DeniedTools = [.. line.GetItems("permission_denials").Select(denial => denial.GetText("tool_name") ?? "?")],
        };
    }

    private static long? Sum(long? total, long? more) => more is null ? total : (total ?? 0) + more;
}
