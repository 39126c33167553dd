using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>What a tool gives back.</summary>
/// <param name="Content">The text for the model.</param>
/// <param name="IsError">Whether the tool failed.</param>
/// <param name="Details">Writes the structured form of the result.</param>
internal sealed record ToolOutcome(string Content, bool IsError, Action<Utf8JsonWriter> Details)
{
    private const string Stopped =
        "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT "
        + "written to the file). STOP what you are doing and wait for the user to tell you how to proceed.";

    public static ToolOutcome Interrupted { get; } = new(Stopped, true, writer => writer.WriteStringValue("User rejected tool use"));

    public static ToolOutcome Success(string content, Action<Utf8JsonWriter> properties) => new(content, false, writer =>
    {
        writer.WriteStartObject();
        properties(writer);
        writer.WriteEndObject();
    });

    public static ToolOutcome Failure(string message) => new(message, true, writer => writer.WriteStringValue("Error: " + message));
}
