using System.Text.Json;

namespace ClaudeTasks.Tests.Support;

/// <summary>As much of JSON Schema as the repository's own schema uses, and stricter: what the schema does not name is not there.</summary>
internal sealed class JsonSchema(JsonElement root)
{
    /// <summary>What is wrong with a value, each with its place.</summary>
    public IEnumerable<string> Check(JsonElement value) => Check(root, value, "$");

    public IEnumerable<string> EnumOf(params string[] path) =>
        path.Aggregate(root.GetProperty("$defs"), (at, name) => at.GetProperty(name))
            .GetProperty("enum")
            .EnumerateArray()
            .Select(name => name.GetString()!);

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Check(root.GetProperty("$defs").GetProperty(reference.GetString()!.Split('/')[^1]), value, place);
        }

        var allowed = schema.TryGetProperty("enum", out var values) ? values.EnumerateArray().ToList()
            : schema.TryGetProperty("const", out var only) ? [only] : null;
        if (allowed is not null)
        {
            return allowed.Any(item => item.ToString() == value.ToString())
                ? []
                : [$"{place}: {value} is none of {string.Join(", ", allowed)}"];
        }

        var type = schema.GetProperty("type");
        var types = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(item => item.GetString()) : [type.GetString()];
        if (!types.Any(name => IsOfType(name!, value)))
        {
            return [$"{place}: {value} is no {type}"];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array =>
                value.EnumerateArray().SelectMany((item, i) => Check(schema.GetProperty("items"), item, $"{place}[{i}]")),
            JsonValueKind.Object => CheckObject(schema, value, place),
            _ => [],
        };
    }

    private IEnumerable<string> CheckObject(JsonElement schema, JsonElement value, string place)
    {
        var known = schema.GetProperty("properties");
        var missing = schema.GetProperty("required").EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _));
        return missing.Select(name => $"{place} has no {name}").Concat(value.EnumerateObject().SelectMany(item =>
            known.TryGetProperty(item.Name, out var property)
                ? Check(property, item.Value, $"{place}.{item.Name}")
                : [$"{place}.{item.Name} is not in the schema"]));
    }

    private static bool IsOfType(string type, JsonElement value) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind.ToString().Equals(type, StringComparison.OrdinalIgnoreCase),
    };
}
