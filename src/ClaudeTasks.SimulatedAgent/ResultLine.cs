using System.Buffers;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>The line that sums up a turn.</summary>
internal sealed class ResultLine(Messages messages, CommandLine commandLine, Scenario scenario, UserMessage message, TurnLog log)
{
    /// <summary>Why the turn was cut short; null when it was not.</summary>
    public string? AbortReason { get; init; }

    /// <summary>Earlier results of this process: costs accumulate over them.</summary>
    public required int Index { get; init; }

    public required long DurationMs { get; init; }

    // How a turn should have ended says nothing about one that was cut short.
    private JsonElement Overrides => AbortReason is null ? scenario.Result ?? Json.EmptyObject : Json.EmptyObject;

    public bool IsError => Overrides.Flag("is_error") ?? Subtype != "success";

    private string Subtype => AbortReason is null ? Overrides.Text("subtype") ?? "success" : "error_during_execution";

    public void Write()
    {
        var defaults = Defaults();
        messages.Line("result", writer =>
        {
            foreach (var property in defaults.EnumerateObject())
            {
                if (Overrides.Child(property.Name) is null)
                    property.WriteTo(writer);
            }
            foreach (var property in Overrides.EnumerateObject())
                property.WriteTo(writer);
        });
    }

    private JsonElement Defaults()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteDefaults(writer);
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private void WriteDefaults(Utf8JsonWriter writer)
    {
        writer.WriteString("subtype", Subtype);
        writer.WriteBoolean("is_error", IsError);
        writer.WriteString("terminal_reason", AbortReason ?? "completed");
        writer.WriteNumber("num_turns", Math.Max(1, log.AssistantMessages));
        if (Subtype == "success")
        {
            writer.WriteString("result", log.LastText);
            writer.WriteNull("api_error_status");
        }
        else
        {
            writer.WriteStartArray("errors");
            writer.WriteStringValue("[ede_diagnostic] result_type=user last_content_type=n/a stop_reason=null");
            writer.WriteEndArray();
        }
        writer.WriteString("stop_reason", "end_turn");
        writer.WriteNumber("duration_ms", DurationMs);
        writer.WriteNumber("duration_api_ms", DurationMs);
        writer.WriteNumber("total_cost_usd", Total(scenario.CostUsd));
        writer.WriteProperty("usage", scenario.Usage);
        WriteModelUsage(writer);
        log.WriteDenials(writer);
        writer.WriteNumber("queued_turn_count", 0);
        writer.WriteNumber("result_index", Index);
        Messages.WriteUserMessageUuids(writer, message);
    }

    private void WriteModelUsage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("modelUsage");
        writer.WriteStartObject(commandLine.Model);
        writer.WriteNumber("inputTokens", Tokens("input_tokens"));
        writer.WriteNumber("outputTokens", Tokens("output_tokens"));
        writer.WriteNumber("cacheReadInputTokens", Tokens("cache_read_input_tokens"));
        writer.WriteNumber("cacheCreationInputTokens", Tokens("cache_creation_input_tokens"));
        writer.WriteNumber("costUSD", Total(scenario.CostUsd));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private decimal Tokens(string name) => Total(scenario.Usage.Number(name) ?? 0);

    private decimal Total(decimal perTurn) => perTurn * (Index + 1);
}
