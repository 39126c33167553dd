using System.Text.RegularExpressions;

namespace ClaudeTasks.HelpBuilder;

/// <summary>
/// What a person wrote on a cmdlet: <c># Name</c>, then <c>## Description</c>, <c>## Examples</c> with a <c>###</c> for each,
/// <c>## Inputs</c> and <c>## Outputs</c> (lines <c>- Type: text</c>), <c>## Notes</c>, <c>## Links</c>.
/// </summary>
internal sealed partial class HelpPage
{
    private static readonly string[] Known = ["Description", "Examples", "Inputs", "Outputs", "Notes", "Links"];

    private readonly Dictionary<string, string> _sections;
    private readonly string _file;

    private HelpPage(string file, string text)
    {
        _file = file;
        var parts = Section().Split(text.ReplaceLineEndings("\n"));
        Title = parts[0].Trim();
        _sections = parts.Skip(1).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        if (_sections.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            throw new HelpException(file, $"'## {unknown}' is none of {string.Join(", ", Known)}.");
        }

        Examples =
        [
            .. Example().Split(_sections.GetValueOrDefault("Examples", "")).Skip(1).Chunk(2)
                .Select(pair => new HelpExample(pair[0], pair[1].Trim(), file)),
        ];
    }

    public string Title { get; }

    public IReadOnlyList<string> Description => Paragraphs(Require("Description"));

    public IReadOnlyList<HelpExample> Examples { get; }

    /// <summary>What the pipeline takes: types, and what they stand for.</summary>
    public IReadOnlyList<(string Type, string Text)> Inputs => Items("Inputs");

    /// <summary>What is written: types, and what they stand for.</summary>
    public IReadOnlyList<(string Type, string Text)> Outputs => Items("Outputs");

    public IReadOnlyList<string> Notes => _sections.TryGetValue("Notes", out var text) ? Paragraphs(text) : [];

    /// <summary>Names of cmdlets and topics.</summary>
    public IReadOnlyList<string> Links =>
        [.. Require("Links").Split('\n').Select(line => line.TrimStart('-', ' ').Trim()).Where(line => line.Length > 0)];

    /// <exception cref="HelpException">There is no such page, or it does not fit the cmdlet.</exception>
    public static HelpPage Read(string file, CmdletFacts cmdlet)
    {
        if (!File.Exists(file))
        {
            throw new HelpException(file, $"{cmdlet.Name} has no page of help. docs/help/README.md says what it holds.");
        }

        var page = new HelpPage(file, File.ReadAllText(file));
        if (page.Title != $"# {cmdlet.Name}")
        {
            throw new HelpException(file, $"It must begin with '# {cmdlet.Name}'.");
        }

        if (page.Examples.Count < 2)
        {
            throw new HelpException(file, $"{page.Examples.Count} examples; two are the least.");
        }

        if (!page.Outputs.Select(output => output.Type).Order().SequenceEqual(cmdlet.Outputs.Select(ShortName).Order()))
        {
            throw new HelpException(
                file, $"'## Outputs' must name what the cmdlet's OutputType does: {string.Join(", ", cmdlet.Outputs.Select(ShortName))}.");
        }

        return page;
    }

    /// <summary>Paragraphs of plain text; a list's items are one each.</summary>
    public static IReadOnlyList<string> Paragraphs(string text) =>
        [.. Break().Split(text).Select(paragraph => Plain(paragraph.Trim())).Where(paragraph => paragraph.Length > 0)];

    public static string ShortName(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static string Plain(string text) =>
        text.Replace("`", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal).Replace('\n', ' ');

    private string Require(string section) =>
        _sections.TryGetValue(section, out var text) ? text : throw new HelpException(_file, $"It has no '## {section}'.");

    private List<(string Type, string Text)> Items(string section) =>
        [.. Paragraphs(_sections.GetValueOrDefault(section, "")).Select(item => Item().Match(item) is { Success: true } match
            ? (match.Groups[1].Value, match.Groups[2].Value)
            : throw new HelpException(_file, $"'## {section}' has lines '- Type: text' alone, not '{item}'."))];

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\n\s*\n|\n(?=- )")]
    private static partial Regex Break();

    [GeneratedRegex(@"^- (\S+): (.+)$", RegexOptions.Singleline)]
    private static partial Regex Item();
}
