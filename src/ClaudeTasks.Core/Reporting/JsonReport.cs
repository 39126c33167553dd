using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClaudeTasks.Reporting;

/// <summary>
/// The model as JSON, described in docs/report.schema.json. Text is as it came; the encoder writes everything outside of plain ASCII, and
/// what HTML would act on, as escapes.
/// </summary>
[JsonSerializable(typeof(ClaudeTaskReport))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    Converters = [typeof(SecondsConverter)])]
internal sealed partial class JsonReport : JsonSerializerContext
{
    public static string Format(ClaudeTaskReport report) => JsonSerializer.Serialize(report, Default.ClaudeTaskReport);
}
