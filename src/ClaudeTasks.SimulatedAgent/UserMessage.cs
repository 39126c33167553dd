using System.Text;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>A user line of standard input.</summary>
/// <param name="Line">The line as received.</param>
/// <param name="Prompt">Its text.</param>
/// <param name="Uuid">The sender's id for it, if any.</param>
internal sealed record UserMessage(string Line, string Prompt, string? Uuid)
{
    /// <summary>Null when the line is not a user's message.</summary>
    public static UserMessage? Parse(string line, JsonElement element)
    {
        if (element.ObjectOf("message") is not { } message || message.Text("role") != "user")
            return null;
        return new UserMessage(line, PromptOf(message), element.Text("uuid"));
    }

    private static string PromptOf(JsonElement message)
    {
        if (message.ArrayOf("content") is not { } blocks)
            return message.Text("content") ?? "";
        var prompt = new StringBuilder();
        foreach (var block in blocks.EnumerateArray())
            prompt.Append(block.Text("text"));
        return prompt.ToString();
    }
}
