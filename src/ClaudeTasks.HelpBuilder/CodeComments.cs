using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ClaudeTasks.HelpBuilder;

/// <summary>What the sources say of types and properties, as paragraphs of plain text.</summary>
internal sealed partial class CodeComments(string file)
{
    private readonly Dictionary<string, XElement> _members = XDocument.Load(file).Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public IReadOnlyList<string> Of(Type type) => Summary($"T:{type.FullName}");

    public IReadOnlyList<string> Of(PropertyInfo property) => Summary($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private List<string> Summary(string id)
    {
        if (_members.GetValueOrDefault(id)?.Element("summary") is not { } summary)
        {
            throw new HelpException(file, $"{id} has no summary.");
        }

        var paragraphs = summary.Elements("para").ToList();
        var rest = new XElement(summary);
        rest.Elements("para").Remove();
        return [.. paragraphs.Prepend(rest).Select(Text).Where(text => text.Length > 0)];
    }

    private static string Text(XElement element) => Blanks().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } reference =>
            reference.Value[(reference.Value.LastIndexOf('.') + 1)..],
        XElement element => Text(element),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
