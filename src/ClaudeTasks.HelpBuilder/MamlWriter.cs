using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ClaudeTasks.HelpBuilder;

/// <summary>Writes MAML, the XML that Get-Help reads.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string file, IEnumerable<(CmdletFacts Cmdlet, HelpPage Page)> cmdlets)
    {
        var items = new XElement(
            (XNamespace)"http://msh" + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            cmdlets.Select(item => Of(item.Cmdlet, item.Page)));
        using var writer = XmlWriter.Create(
            file,
            new XmlWriterSettings
            {
                Indent = true,
                NewLineChars = "\n",
                NewLineHandling = NewLineHandling.None,
                Encoding = new UTF8Encoding(false)
            });
        items.Save(writer);
    }

    private static XElement Of(CmdletFacts cmdlet, HelpPage page) => new(
        Command + "command",
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            Description([cmdlet.Synopsis])),
        Description(page.Description),
        new XElement(Command + "syntax", (cmdlet.Sets.Count == 0 ? [""] : cmdlet.Sets).Select(set => Syntax(cmdlet, set))),
        new XElement(
            Command + "parameters",
            cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => Parameter(parameter, null))),
        new XElement(Command + "inputTypes", Types("inputType", page.Inputs)),
        new XElement(
            Command + "returnValues",
            Types(
                "returnValue",
                page.Outputs.Count == 0
                    ? [("None", "Nothing is written.")]
                    : page.Outputs.Select(output => (FullName(cmdlet, output.Type), output.Text)))),
        page.Notes.Count == 0 ? null : new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
        new XElement(Command + "examples", page.Examples.Select(Example)),
        new XElement(
            Command + "relatedLinks",
            page.Links.Select(
                link => new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", link), new XElement(Maml + "uri")))));

    private static XElement Syntax(CmdletFacts cmdlet, string set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        cmdlet.Parameters.Where(parameter => set.Length == 0 || parameter.IsIn(set))
            .Select(parameter => (Parameter: parameter, Use: parameter.In(set.Length == 0 ? null : set)))
            .OrderBy(item => item.Use.Position ?? int.MaxValue).ThenByDescending(item => item.Use.IsMandatory)
            .Select(item => Parameter(item.Parameter, set)));

    /// <param name="parameter">The parameter.</param>
    /// <param name="set">The set whose syntax it is in; null in the list of all parameters.</param>
    private static XElement Parameter(ParameterFacts parameter, string? set)
    {
        var use = parameter.In(string.IsNullOrEmpty(set) ? null : set);
        return new XElement(
            Command + "parameter",
            new XAttribute("required", Text(use.IsMandatory)),
            new XAttribute("variableLength", Text(parameter.IsList)),
            new XAttribute("globbing", Text(parameter.TakesWildcards)),
            new XAttribute("pipelineInput", use.Pipeline),
            new XAttribute("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            set is null ? Description(WithValues(parameter)) : null,
            parameter.Values.Count == 0 || set is null ? null : new XElement(
                Command + "parameterValueGroup",
                parameter.Values.Select(value => new XElement(
                    Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value))),
            parameter.IsSwitch && set is not null ? null : new XElement(
                Command + "parameterValue",
                new XAttribute("required", Text(!parameter.IsSwitch)),
                new XAttribute("variableLength", Text(parameter.IsList)),
                parameter.TypeName),
            new XElement(Dev + "type", new XElement(Maml + "name", parameter.FullTypeName), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", parameter.Default ?? "None"));
    }

    private static IReadOnlyList<string> WithValues(ParameterFacts parameter) =>
        parameter.Values.Count == 0
            ? parameter.Description
            : [.. parameter.Description, $"It takes: {string.Join(", ", parameter.Values)}"];

    private static XElement Example(HelpExample example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"---------- Example {index + 1}: {example.Title} ----------"),
        new XElement(Dev + "code", example.Output is { } output ? $"{example.Code}\n\n{output}" : example.Code),
        new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, ""])));

    private static IEnumerable<XElement> Types(string element, IEnumerable<(string Type, string Text)> types) =>
        types.Select(item => new XElement(
            Command + element, new XElement(Dev + "type", new XElement(Maml + "name", item.Type)), Description([item.Text])));

    private static string FullName(CmdletFacts cmdlet, string type) => cmdlet.Outputs.Single(output => HelpPage.ShortName(output) == type);

    private static XElement Description(IEnumerable<string> paragraphs) => new(Maml + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) =>
        paragraphs.Select(text => new XElement(Maml + "para", text));

    private static string Text(bool value) => value ? "true" : "false";
}
