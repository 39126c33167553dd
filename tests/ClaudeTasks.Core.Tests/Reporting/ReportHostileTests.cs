using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ClaudeTasks.Model;
using ClaudeTasks.Reporting;
using ClaudeTasks.Tests.Support;
using ClaudeTasks.Text;

namespace ClaudeTasks.Tests;

/// <summary>What came from agents and repositories is shown by a report in any format, and does nothing.</summary>
public partial class ReportHostileTests
{
    private static readonly string[] Tags =
    [
        "a", "article", "b", "blockquote", "body", "br", "code", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "h1", "h2", "h3", "h4", "head", "header", "html", "i", "input", "label", "legend", "li", "main", "mark", "meta", "ol",
        "p", "rect", "section", "span", "style", "summary", "svg", "table", "tbody", "td", "th", "thead", "time", "title", "tr", "ul"
    ];

    private static readonly string[] Attributes =
    [
        "aria-hidden", "aria-label", "aria-labelledby", "charset", "checked", "class", "content", "datetime", "height", "href",
        "http-equiv", "id", "lang", "name", "open", "preserveAspectRatio", "role", "scope", "type", "viewBox", "width", "x"
    ];

    public static TheoryData<string> Texts() =>
    [
        "</script></style></title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><svg/onload=alert(1)>",
        "&lt;b&gt; &amp; &#x202e;",
        "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b31m \r hidden",
        "gone \u202etxt.exe\u202c \u2066x\u2069 \u200f\u2028\u2029",
        "nul \0 and \ufffe\uffff and half \ud800 a character",
        "``` ```` ~~~ `code`\n```\n````````\n~~~",
        "]]> <![CDATA[ <!-- --> <?xml ?> &entity;",
        "| a | b |\n| --- | --- |\n</details></summary>",
        "*bold* _it_ [link](javascript:alert(1)) ![x](https://example.invalid) @nobody #12 www.example.invalid https://example.invalid",
        "# heading\n> quote\n- list\n    code\n[ref]: https://example.invalid",
        "diff --git a/x b/x\n@@ -99999999999 +1 @@\n@@ -1 +1 @@\n",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_page_has_no_markup_but_its_own(string text)
    {
        var page = ReportSamples.Write(ReportSamples.Everywhere(text), ReportFormat.Html);

        AssertOwnMarkup(page);
        Assert.DoesNotContain('<', Tag().Replace(Style().Replace(page, ""), ""));
        Assert.Contains(Whole(text), WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        AssertNothingHidden(page);
    }

    [Fact]
    public void Every_link_of_a_page_stays_on_it()
    {
        var page = ReportSamples.Write(ReportSamples.Everywhere("javascript:alert(1)"), ReportFormat.Html);

        Assert.NotEmpty(Link().Matches(page));
        Assert.All(Link().Matches(page), link => Assert.Matches("^#task-[0-9]+$", link.Groups[1].Value));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Markdown_holds_it_in_code_only(string text)
    {
        var markdown = ReportSamples.Write(ReportSamples.Everywhere(text), ReportFormat.Markdown);

        string? fence = null;
        foreach (var line in markdown.Split('\n'))
        {
            if (fence is not null)
            {
                fence = line == fence ? null : fence;
            }
            else if (Fence().Match(line) is { Success: true } start)
            {
                fence = start.Groups[1].Value;
            }
            else
            {
                var rest = OwnMarkdown().Replace(line, "");
                Assert.DoesNotMatch(@"[<>`*_\[\]\\@~]|https?:|www\.|&(?!#[0-9]+;)", rest);
                Assert.True(!rest.Contains('|', StringComparison.Ordinal) || line.Count(character => character == '|') is 4 or 7, line);
            }
        }

        Assert.Null(fence);
        Assert.Equal(Enum.GetValues<ClaudeTaskStatus>().Length, Regex.Count(markdown, "(?m)^<details><summary>Answer</summary>$"));
        Assert.Contains(Whole(text), markdown, StringComparison.Ordinal);
        AssertNothingHidden(markdown);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void JUnit_is_well_formed_and_shows_it(string text)
    {
        var xml = ReportSamples.Write(ReportSamples.Everywhere(text), ReportFormat.JUnit);

        var suite = Assert.Single(XDocument.Parse(xml).Root!.Elements());
        Assert.Equal("testsuite", suite.Name.LocalName);
        Assert.All(suite.Elements(), item => Assert.Equal("testcase", item.Name.LocalName));
        Assert.All(suite.Descendants("system-out"), item => Assert.StartsWith(ForXml(text), item.Value, StringComparison.Ordinal));
        Assert.All(suite.Descendants("system-out").Nodes(), node => Assert.IsType<XText>(node));
        AssertNothingHidden(xml);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Json_is_plain_ascii_and_has_it_as_it_came(string text)
    {
        var json = ReportSamples.Write(ReportSamples.Everywhere(text), ReportFormat.Json);

        Assert.True(System.Text.Ascii.IsValid(json));
        Assert.DoesNotContain('<', json);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(
            text.Replace('\ud800', '\ufffd'),
            document.RootElement.GetProperty("tasks")[0].GetProperty("task").GetProperty("result").GetString());
    }

    /// <summary>
    /// Elements and attributes are those that the report's source writes. What stands in an attribute's quotes is text, not markup.
    /// </summary>
    internal static void AssertOwnMarkup(string page)
    {
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        var tags = Tag().Matches(Quoted().Replace(Style().Replace(page, ""), "=\"\"")).Skip(1).Select(match => match.Groups).ToList();
        Assert.NotEmpty(tags);
        foreach (var tag in tags)
        {
            Assert.Contains(tag[1].Value, Tags);
            Assert.All(Attribute().Matches(tag[2].Value), attribute => Assert.Contains(attribute.Groups[1].Value, Attributes));
            Assert.Empty(Attribute().Replace(tag[2].Value, "").Trim());
        }
    }

    private static void AssertNothingHidden(string written)
    {
        Assert.DoesNotMatch(@"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", written);
    }

    /// <summary>What a reader sees of it; half a character cannot be written in UTF-8.</summary>
    private static string Whole(string text) => TerminalText.Clean(text).Replace('\ud800', '\ufffd').TrimEnd('\n');

    private static string ForXml(string text) => Regex.Replace(Whole(text), @"[\ufffe\uffff]", "\ufffd");

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("</?([A-Za-z!][A-Za-z0-9]*)([^<>]*)>")]
    private static partial Regex Tag();

    [GeneratedRegex("""([A-Za-z-]+)(?:="[^"]*")?""")]
    private static partial Regex Attribute();

    [GeneratedRegex("=\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("^(`{3,})(text|diff)$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"</?(code|details|summary)>|^## |^# |^> \[!NOTE\]|^> |^\*\*|\*\*:|&#[0-9]+;")]
    private static partial Regex OwnMarkdown();
}
