using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>What a turn's result line has to tell about it.</summary>
internal sealed class TurnLog
{
    private readonly List<(string Tool, string Id, JsonElement Input)> denials = [];

    public int AssistantMessages { get; set; }

    public string LastText { get; set; } = "";

    /// <summary>The tool use that has no result yet.</summary>
    public string? OpenTool { get; set; }

    public void AddDenial(string tool, string id, JsonElement input) => denials.Add((tool, id, input.Clone()));

    public void WriteDenials(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("permission_denials");
        foreach (var (tool, id, input) in denials)
        {
            writer.WriteStartObject();
            writer.WriteString("tool_name", tool);
            writer.WriteString("tool_use_id", id);
            writer.WriteProperty("tool_input", input);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
