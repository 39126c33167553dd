using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>
/// What the model shall answer. A prompt carries a line <c>SCRIPT</c> and behind it JSON: a list of responses, each a list of
/// <c>{"text"}</c>, <c>{"thinking"}</c>, <c>{"tool","input"}</c>, or alone <c>{"status","message"}</c> or <c>{"hang":true}</c>.
/// </summary>
internal static class ApiScript
{
    private const string Marker = "\nSCRIPT\n";

    private static readonly JsonArray ShortAnswer = [new JsonObject { ["text"] = "Noted." }];

    public static string Text(string text) => Json(new { text });

    public static string Tool(string tool, object input) => Json(new { tool, input });

    public static string Fault(int status, string message) => Json(new { status, message });

    public static string Hang => Json(new { hang = true });

    /// <summary>A prompt with its script; each response is given as its blocks.</summary>
    public static string Prompt(string text, params string[][] responses) =>
        text + Marker + "[" + string.Join(',', responses.Select(blocks => "[" + string.Join(',', blocks) + "]")) + "]";

    /// <summary>
    /// The blocks of the response to a request: those whose place in the script is how many answers the conversation already has since
    /// the prompt. A side job of the agent (it offers no tools), or a prompt without a script, gets a short text.
    /// </summary>
    public static IReadOnlyList<JsonNode> Choose(JsonNode request)
    {
        if (request["tools"] is not JsonArray { Count: > 0 })
        {
            return [.. ShortAnswer!];
        }

        JsonArray? script = null;
        var answers = 0;
        foreach (var message in request["messages"]!.AsArray())
        {
            if ((string?)message!["role"] == "assistant")
            {
                answers++;
            }
            else if (Texts(message).Select(Parse).LastOrDefault(found => found is not null) is { } found)
            {
                (script, answers) = (found, 0);
            }
        }

        return script is not null && answers < script.Count ? [.. script[answers]!.AsArray()!] : [.. ShortAnswer!];
    }

    /// <summary>The texts of a message, whether it is one string or a list of blocks.</summary>
    public static IEnumerable<string> Texts(JsonNode message) => message["content"] switch
    {
        JsonArray blocks => blocks.Where(block => (string?)block!["type"] == "text").Select(block => (string)block!["text"]!),
        { } text => [(string)text!],
        null => [],
    };

    private static JsonArray? Parse(string text)
    {
        var at = text.LastIndexOf(Marker, StringComparison.Ordinal);
        return at < 0 ? null : JsonNode.Parse(text[(at + Marker.Length)..])!.AsArray();
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);
}
