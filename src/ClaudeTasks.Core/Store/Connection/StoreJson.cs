using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>Writes and reads settings without reflection, which would cost a cold process tens of milliseconds.</summary>
[JsonSerializable(typeof(AgentSettings))]
[JsonSerializable(typeof(ClaudeTaskGate))]
[JsonSerializable(typeof(ClaudeTaskTemplate))]
[JsonSerializable(typeof(QualitySettings))]
[JsonSerializable(typeof(ContinuationSettings))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class StoreJson : JsonSerializerContext
{
    private static readonly ReadOnce<AgentSettings> Settings = new(json => Read(json, context => context.AgentSettings));
    private static readonly ReadOnce<QualitySettings> Quality = new(json => Read(json, context => context.QualitySettings));
    private static readonly ReadOnce<ContinuationSettings> Continuation = new(json => Read(json, context => context.ContinuationSettings));

    public static string Write(AgentSettings settings) => JsonSerializer.Serialize(settings, Default.AgentSettings);

    public static string Write(IReadOnlyList<string> list) => JsonSerializer.Serialize(list, Default.IReadOnlyListString);

    public static string Write(ClaudeTaskGate gate) => JsonSerializer.Serialize(gate, Default.ClaudeTaskGate);

    public static string Write(ClaudeTaskTemplate template) => JsonSerializer.Serialize(template, Default.ClaudeTaskTemplate);

    public static string Write(QualitySettings settings) => JsonSerializer.Serialize(settings, Default.QualitySettings);

    public static string Write(ContinuationSettings settings) => JsonSerializer.Serialize(settings, Default.ContinuationSettings);

    public static ContinuationSettings ReadContinuation(string? json) =>
        json is null ? new ContinuationSettings() : Continuation.Read(json);

    public static ClaudeTaskGate ReadGate(string json) => JsonSerializer.Deserialize(json, Default.ClaudeTaskGate)!;

    public static ClaudeTaskTemplate ReadTemplate(string json) => JsonSerializer.Deserialize(json, Default.ClaudeTaskTemplate)!;

    public static QualitySettings ReadQuality(string? json) =>
        json is null ? new QualitySettings() : Quality.Read(json);

    public static AgentSettings ReadSettings(string json) => Settings.Read(json);

    public static IReadOnlyList<string> ReadList(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, Default.IReadOnlyListString) ?? [];

    private static T Read<T>(string json, Func<StoreJson, JsonTypeInfo<T>> type)
        where T : new() => JsonSerializer.Deserialize(json, type(Default)) ?? new T();
}
