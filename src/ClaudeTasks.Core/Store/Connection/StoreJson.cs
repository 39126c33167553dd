using System.Text.Json;
using System.Text.Json.Serialization;
using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>Writes and reads settings without reflection, which would cost a cold process tens of milliseconds.</summary>
[JsonSerializable(typeof(TaskSettings))]
[JsonSerializable(typeof(ClaudeTaskGate))]
[JsonSerializable(typeof(ClaudeTaskTemplate))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class StoreJson : JsonSerializerContext
{
    private static readonly ReadOnce<TaskSettings> Settings = new(json =>
        SettingDefinition.Layer(
            JsonSerializer.Deserialize(json, Default!.TaskSettings) ?? new TaskSettings(), ClaudeTaskSettings.Defaults));

    public static string Write(TaskSettings settings) => JsonSerializer.Serialize(settings, Default.TaskSettings);

    public static string Write(IReadOnlyList<string> list) => JsonSerializer.Serialize(list, Default.IReadOnlyListString);

    public static string Write(ClaudeTaskGate gate) => JsonSerializer.Serialize(gate, Default.ClaudeTaskGate);

    public static string Write(ClaudeTaskTemplate template) => JsonSerializer.Serialize(template, Default.ClaudeTaskTemplate);

    public static ClaudeTaskGate ReadGate(string json) => JsonSerializer.Deserialize(json, Default.ClaudeTaskGate)!;

    public static ClaudeTaskTemplate ReadTemplate(string json) => JsonSerializer.Deserialize(json, Default.ClaudeTaskTemplate)!;

    /// <summary>Reads a task's settings, completed by the defaults.</summary>
    public static TaskSettings ReadSettings(string json) => Settings.Read(json);

    public static IReadOnlyList<string> ReadList(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, Default.IReadOnlyListString) ?? [];
}
