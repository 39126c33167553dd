using System.Text.RegularExpressions;

namespace ClaudeTasks.Reporting;

/// <summary>
/// Tells keywords, texts, numbers and comments apart, by the file's extension and a line at a time: enough to read a diff by, without a
/// grammar for each language. What it does not know is plain.
/// </summary>
internal static partial class CodeReader
{
    private const int LongestLine = 1000;

    private static readonly Dictionary<string, Regex> Languages = new(
        new[]
        {
            (".cs .java .js .jsx .mjs .cjs .ts .tsx .c .h .cc .cpp .hpp .go .rs .swift .kt .kts .scala .php .dart "
                + ".css .scss .less .json .jsonc", Braces()),
            (".py .rb .sh .bash .zsh .ps1 .psm1 .psd1 .yml .yaml .toml .ini .cfg .pl .r .tf "
                + ".editorconfig .gitignore dockerfile makefile", Hashes()),
            (".xml .html .htm .xhtml .svg .vue .xaml .csproj .fsproj .props .targets .ps1xml .resx .config", Tags()),
            (".sql .lua .hs .elm", Dashes()),
        }.SelectMany(language => language.Item1.Split(' '), (language, extension) => KeyValuePair.Create(extension, language.Item2)),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of all languages: a word that means something in one is seldom a name in another.</summary>
    private static readonly HashSet<string> Keywords =
    [
        .. """
        abstract and as async await base bool break byte case catch char class const continue debug decimal def default defer del delegate
        do double elif else elseif end enum event except export extends extends extern false final finally fixed float fn for foreach from
        func function get global go goto if impl implements implicit import in init int interface internal is lambda let lock long match mod
        mut namespace new nil none not null object operator or out override package param params partial pass private process protected pub
        public raise readonly record ref required return sealed self set short sizeof static str string struct super
        switch template this throw trait true try type typeof uint undefined union unless unsafe until use using var virtual void volatile
        when where while with yield
        None True False SELECT FROM WHERE INSERT INTO UPDATE DELETE SET VALUES CREATE TABLE INDEX JOIN LEFT
        ON AND OR NOT NULL ORDER BY GROUP
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>The parts of a line, in order and without a gap.</summary>
    public static IEnumerable<(int Start, int End, CodeKind Kind)> Read(string path, string line)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var extension = name.LastIndexOf('.') is >= 0 and var dot ? name[dot..] : name;
        var at = 0;
        if (line.Length <= LongestLine && Languages.TryGetValue(extension, out var language))
        {
            foreach (Match match in language.Matches(line))
            {
                if (KindOf(match) is var kind and not CodeKind.Plain)
                {
                    yield return (at, match.Index, CodeKind.Plain);
                    yield return (match.Index, at = match.Index + match.Length, kind);
                }
            }
        }

        yield return (at, line.Length, CodeKind.Plain);
    }

    private static CodeKind KindOf(Match match) =>
        match.Groups["comment"].Success ? CodeKind.Comment
        : match.Groups["quoted"].Success ? CodeKind.Quoted
        : match.Groups["number"].Success ? CodeKind.Number
        : match.Groups["tag"].Success || Keywords.Contains(match.Value) ? CodeKind.Keyword
        : CodeKind.Plain;

    // A quote that nothing closes is an apostrophe, but a double one begins a text of several lines.
    private const string Rest = """(?<quoted>"(?:\\.|[^"\\])*(?:"|$)|'(?:\\.|[^'\\]){0,200}')|(?<number>\b\d[\w.]*)|[A-Za-z_$]\w*""";

    [GeneratedRegex(@"(?<comment>//.*|/\*.*?(?:\*/|$)|^\s*\*(?:\s.*)?$)|(?<quoted>`(?:\\.|[^`\\])*(?:`|$))|" + Rest)]
    private static partial Regex Braces();

    [GeneratedRegex(@"(?<comment>(?:^|(?<=\s))#.*|<#.*?(?:#>|$))|" + Rest)]
    private static partial Regex Hashes();

    [GeneratedRegex("""(?<comment><!--.*?(?:-->|$))|(?<quoted>"[^"]*")|(?<tag></?[A-Za-z][\w:.-]*|/?>)""")]
    private static partial Regex Tags();

    [GeneratedRegex("(?<comment>--.*)|" + Rest)]
    private static partial Regex Dashes();
}
