using System.Text.RegularExpressions;

namespace ClaudeTasks.Model;

/// <summary>The places for values in a template's prompt. Braces around anything else stay as they are.</summary>
internal static partial class TemplateText
{
    public static IReadOnlyList<string> FindPlaceholders(string prompt) =>
        [.. Places().Matches(prompt)
            .Select(match => match.Groups[1].Value)
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>One pass over the prompt: a value that looks like a placeholder stays a value.</summary>
    public static string Fill(string prompt, Func<string, string> valueOf) =>
        Places().Replace(prompt, match => match.Groups[1].Success ? valueOf(match.Groups[1].Value) : "{{");

    [GeneratedRegex(@"\{\{\{\{|\{\{\s*([\p{L}\p{Nd}_-]+)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Places();
}
