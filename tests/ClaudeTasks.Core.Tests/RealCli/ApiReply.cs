using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Writes one answer of the Messages API, as a stream of events or as one JSON object.</summary>
internal static class ApiReply
{
    /// <summary>What every response claims to have used.</summary>
    public const int InputTokens = 100;

    /// <summary>What every response claims to have written.</summary>
    public const int OutputTokens = 20;

    public static async Task WriteAsync(HttpListenerResponse response, JsonNode request, IReadOnlyList<JsonNode> script)
    {
        var blocks = script.Select(ToBlock).ToList();
        var stopReason = blocks.Any(block => (string?)block["type"] == "tool_use") ? "tool_use" : "end_turn";
        var message = new JsonObject
        {
            ["id"] = NewId("msg_"),
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = (string?)request["model"],
            ["content"] = new JsonArray(),
            ["stop_reason"] = null,
            ["stop_sequence"] = null,
            ["usage"] = Usage(1),
        };
        if ((bool?)request["stream"] != true)
        {
            message["content"] = new JsonArray([.. blocks]);
            message["stop_reason"] = stopReason;
            message["usage"] = Usage(OutputTokens);
            await WriteJsonAsync(response, 200, message);
            return;
        }

        response.ContentType = "text/event-stream";
        response.SendChunked = true;
        await SendAsync(response, new JsonObject { ["type"] = "message_start", ["message"] = message });
        for (var index = 0; index < blocks.Count; index++)
        {
            foreach (var part in StreamBlock(index, blocks[index]))
            {
                await SendAsync(response, part);
            }
        }

        await SendAsync(response, new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = stopReason, ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = OutputTokens },
        });
        await SendAsync(response, new JsonObject { ["type"] = "message_stop" });
        response.Close();
    }

    public static Task WriteErrorAsync(
        HttpListenerResponse response, int status, string message) => WriteJsonAsync(response, status, new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject
        {
            ["type"] = status switch
            {
                400 => "invalid_request_error",
                401 => "authentication_error",
                404 => "not_found_error",
                529 => "overloaded_error",
                _ => "api_error",
            },
            ["message"] = message,
        },
    });

    public static async Task WriteJsonAsync(HttpListenerResponse response, int status, JsonObject body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body.ToJsonString()));
        response.Close();
    }

    private static JsonObject ToBlock(JsonNode item) =>
        item["tool"] is { } tool
            ? new JsonObject
            {
                ["type"] = "tool_use",
                ["id"] = NewId("toolu_"),
                ["name"] = (string?)tool,
                ["input"] = item["input"]?.DeepClone() ?? new JsonObject(),
            }
            : item["thinking"] is { } thinking
                ? new JsonObject { ["type"] = "thinking", ["thinking"] = (string?)thinking, ["signature"] = "c2lnbmVk" }
                : new JsonObject { ["type"] = "text", ["text"] = (string?)item["text"] };

    private static IEnumerable<JsonObject> StreamBlock(int index, JsonObject block)
    {
        var (start, deltas) = (string?)block["type"] switch
        {
            "tool_use" => (
                new JsonObject
                {
                    ["type"] = "tool_use",
                    ["id"] = (string?)block["id"],
                    ["name"] = (string?)block["name"],
                    ["input"] = new JsonObject()
                },
                new[] { new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = block["input"]!.ToJsonString() } }),
            "thinking" => (
                new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" },
                new[]
                {
                    new JsonObject { ["type"] = "thinking_delta", ["thinking"] = (string?)block["thinking"] },
                    new JsonObject { ["type"] = "signature_delta", ["signature"] = (string?)block["signature"] },
                }),
            _ => (
                new JsonObject { ["type"] = "text", ["text"] = "" },
                new[] { new JsonObject { ["type"] = "text_delta", ["text"] = (string?)block["text"] } }),
        };
        yield return new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = start };
        foreach (var delta in deltas)
        {
            yield return new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta };
        }

        yield return new JsonObject { ["type"] = "content_block_stop", ["index"] = index };
    }

    private static async Task SendAsync(HttpListenerResponse response, JsonObject part)
    {
        var text = $"event: {(string?)part["type"]}\ndata: {part.ToJsonString()}\n\n";
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await response.OutputStream.FlushAsync();
    }

    private static JsonObject Usage(int output) => new() { ["input_tokens"] = InputTokens, ["output_tokens"] = output };

    private static string NewId(string prefix) => prefix + Guid.NewGuid().ToString("N");
}
