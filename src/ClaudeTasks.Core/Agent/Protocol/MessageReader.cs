using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>Turns one line of the agent's standard output into an event and, where it has one, its meaning to the conversation.</summary>
/// <param name="folder">The task's folder; paths in it are shown relative to it.</param>
internal sealed class MessageReader(string folder)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    private readonly EventText _text = new(folder);

    public (EventDraft Event, AgentMessage? Message) Read(ReadOnlyMemory<byte> line)
    {
        if (!line.Span.TrimStart(" \t"u8).StartsWith("{"u8))
        {
            return (EventDraft.OfLine(ClaudeTaskEventKind.Unknown, null, line.Span), null);
        }

        try
        {
            using var document = JsonDocument.Parse(
                Utf8.IsValid(line.Span) ? line : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line.Span)), Options);
            var (kind, text) = _text.Describe(document.RootElement);
            return (EventDraft.OfLine(kind, text, line.Span), Interpret(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or (InvalidOperationException) half a character in a name.
            return (EventDraft.OfLine(ClaudeTaskEventKind.Unknown, null, line.Span), null);
        }
    }

    private static List<string> FailedServers(JsonElement line) =>
    [
        .. line.GetItems("mcp_servers").Where(server => server.GetText("status") is "failed" or "needs-auth")
            .Select(server => $"{server.GetText("name")} ({server.GetText("status")})"),
    ];

    private AgentMessage? Interpret(JsonElement line) => (line.GetText("type"), line.GetText("subtype")) switch
    {
        ("system", "init") => new AgentMessage.TurnStarted(line.GetText("model"), FailedServers(line)),
        ("system", "session_state_changed") when line.GetText("state") == "idle" => new AgentMessage.Idle(),
        ("result", var subtype) => new AgentMessage.TurnEnded(ReadResult(line, subtype)),
        ("control_response", _) when line.Get("response") is { } response => ReadAnswer(response),
        ("control_request", _) when line.GetText("request_id") is { } id && line.Get("request") is { } request => ReadRequest(id, request),
        ("control_cancel_request", _) when line.GetText("request_id") is { } id => new AgentMessage.AskWithdrawn(id),
        ("command_lifecycle", _) when line.GetText("command_uuid") is { } uuid => line.GetText("state") switch
        {
            "started" => new AgentMessage.MessageBegun(uuid),
            "completed" => new AgentMessage.MessageDone(uuid, IsCancelled: false),
            "cancelled" => new AgentMessage.MessageDone(uuid, IsCancelled: true),
            _ => null,
        },
        ("rate_limit_event", _) when line.Get("rate_limit_info") is { } info && info.GetText("status") == "rejected" =>
            new AgentMessage.LimitReached(info.GetMoment("resetsAt")),
        _ => null,
    };

    private AgentMessage ReadRequest(string id, JsonElement request)
    {
        var subtype = request.GetText("subtype") ?? "";
        return subtype switch
        {
            "can_use_tool" => new AgentMessage.Asked(
                ReadAsk(id, false, request.GetText("tool_name"), request.Get("input"), request.GetText("tool_use_id")) with
                {
                    Reason = request.GetText("decision_reason"),
                    IsSafetyCheck = request.GetText("decision_reason_type") == "safetyCheck"
                        || request.Get("suppress_always_allow_rule") is { ValueKind: JsonValueKind.True },
                }),
            "hook_callback" when request.Get("input") is { } call && call.GetText("hook_event_name") == "PreToolUse" =>
                new AgentMessage.Asked(ReadAsk(id, true, call.GetText("tool_name"), call.Get("tool_input"), call.GetText("tool_use_id"))),
            _ => new AgentMessage.UnknownRequest(id, subtype),
        };
    }

    private AgentAsk ReadAsk(string id, bool isHook, string? tool, JsonElement? input, string? call) =>
        new(id, isHook, tool ?? "", _text.DescribeTool(tool ?? "", input, isWhole: true), input?.GetRawText() ?? "{}", call ?? id);

    private static AgentMessage.ControlAnswer? ReadAnswer(JsonElement response)
    {
        if (response.GetText("request_id") is not { } id)
        {
            return null;
        }

        var body = response.Get("response");
        var account = body?.Get("account") is { } found
            ? new AgentAccount(found.GetText("tokenSource"), found.GetText("apiKeySource"), found.GetText("apiProvider"))
            : null;
        return new AgentMessage.ControlAnswer(
            id,
            response.GetText("subtype") == "success",
            response.GetText("error"),
            account,
            body?.Get("session") is { } session ? ReadUsage(session, "model_usage") : null);
    }

    private static AgentResult ReadResult(JsonElement line, string? subtype) => new()
    {
        Subtype = subtype,
        // Only a plain false says that there was none.
        IsError = line.Get("is_error") is { ValueKind: not JsonValueKind.False },
        TerminalReason = line.GetText("terminal_reason"),
        Turns = line.GetInt("num_turns"),
        Text = line.GetText("result"),
        FirstError = line.GetItems("errors").Select(error => error.AsText()).FirstOrDefault(error => error is not null),
        ApiErrorStatus = line.GetInt("api_error_status"),
        StartupFailure = line.GetText("startup_failure_reason"),
        Usage = ReadUsage(line, "modelUsage"),
        Messages = line.Get("user_message_uuids") is { ValueKind: JsonValueKind.Array } uuids
            ? [.. uuids.EnumerateArray().Select(uuid => uuid.AsText() ?? "")]
            : null,
        DeniedTools = [.. line.GetItems("permission_denials").Select(denial => denial.GetText("tool_name") ?? "?")],
    };

    /// <summary>The usage by model covers subagents too; <c>usage</c> only the main loop.</summary>
    private static AgentUsage ReadUsage(JsonElement line, string models)
    {
        long? input = null, output = null, cacheRead = null, cacheCreation = null;
        foreach (var model in line.Get(models) is { ValueKind: JsonValueKind.Object } all ? all.EnumerateObject() : default)
        {
            input = Sum(input, model.Value.GetLong("inputTokens"));
            output = Sum(output, model.Value.GetLong("outputTokens"));
            cacheRead = Sum(cacheRead, model.Value.GetLong("cacheReadInputTokens"));
            cacheCreation = Sum(cacheCreation, model.Value.GetLong("cacheCreationInputTokens"));
        }

        return new AgentUsage(line.GetDecimal("total_cost_usd"), input, output, cacheRead, cacheCreation);
    }

    private static long? Sum(long? total, long? more) => more is null ? total : (total ?? 0) + more;
}
