using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Lenient look-ups: a property that is absent or of another type is null.</summary>
internal static class Json
{
    public static readonly JsonElement EmptyObject = Parse("{}");

    public static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : null;

    public static JsonElement? ObjectOf(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Object } child ? child : null;

    public static JsonElement? ArrayOf(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } child ? child : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } child ? child.GetString() : null;

    public static bool? Flag(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } child ? child.GetBoolean() : null;

    public static int? Number(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } child ? child.GetInt32() : null;

    public static bool IsEmpty(this JsonElement element) => !element.EnumerateObject().MoveNext();

    public static void WriteEmptyArray(this Utf8JsonWriter writer, string name)
    {
        writer.WriteStartArray(name);
        writer.WriteEndArray();
    }

    public static void WriteProperty(this Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
