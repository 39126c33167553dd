using System.Text.Json.Serialization;

namespace ClaudeTasks.Model;

/// <summary>A prompt with places to fill in, and how tasks that are made of it run.</summary>
public sealed record ClaudeTaskTemplate : ClaudeTaskSettings
{
    /// <summary>Makes an empty template.</summary>
    public ClaudeTaskTemplate()
    {
    }

    /// <summary>Makes a template whose tasks run with these settings.</summary>
    public ClaudeTaskTemplate(ClaudeTaskSettings settings)
        : base(settings)
    {
    }

    /// <summary>The name, of which there is one; case does not matter.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>What Claude should do, with <c>{{Name}}</c> where a value goes; <c>{{{{</c> is <c>{{</c> itself.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The names of the values it needs, in the order of the prompt.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Placeholders => TemplateText.FindPlaceholders(Prompt);

    /// <summary>The prompt with the values in their places, as the text they are: what they contain is not looked at again.</summary>
    /// <param name="values">A value for each of <see cref="Placeholders"/>; the case of the names does not matter.</param>
    /// <exception cref="ClaudeTaskException">A value is missing or null, or has a name that the template does not know.</exception>
    public string Fill(IReadOnlyDictionary<string, string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var given = new Dictionary<string, string?>(values, StringComparer.OrdinalIgnoreCase);
        var known = Placeholders;
        var unknown = given.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument,
                $"The template '{Name}' has no placeholder {Quote(unknown)}.",
                Name,
                known.Count > 0 ? $"It takes {Quote(known)}." : "It takes no values. Remove -Value.");
        }

        var missing = known.Where(name => given.GetValueOrDefault(name) is null).ToList();
        return missing.Count == 0
            ? TemplateText.Fill(Prompt, name => given[name]!)
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.TemplateValueMissing,
                $"The template '{Name}' needs a value for {Quote(missing)}.",
                Name,
                $"Pass it: -Value @{{ {string.Join("; ", missing.Select(name => $"'{name}' = '…'"))} }}");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
