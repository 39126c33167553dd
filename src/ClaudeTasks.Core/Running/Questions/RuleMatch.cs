using System.Globalization;
using System.Text.RegularExpressions;
using ClaudeTasks.Model;

namespace ClaudeTasks.Running;

/// <summary>
/// Whether a rule decides a use of a tool. An exact rule decides the same use only. A pattern that allows never covers a second command,
/// a substitution, a redirection, or an option by which git starts a program.
/// </summary>
internal static partial class RuleMatch
{
    private const string All = "*";

    /// <summary>Whether the rule decides this use.</summary>
    public static bool Decides(ClaudeTaskRule rule, ToolUse use) =>
        rule.Tool == use.Tool && (rule.IsAllowed ? Allows(rule, use) : Denies(rule, use));

    private static bool Allows(ClaudeTaskRule rule, ToolUse use)
    {
        if (!use.CanBeAllowedByRule)
        {
            return false;
        }

        if (rule.IsLiteral || !rule.Pattern.Contains('*', StringComparison.Ordinal))
        {
            return rule.Pattern == use.RealSubject;
        }

        return rule.Pattern == All
            || (Wildcard.IsMatch(rule.Pattern, use.RealSubject!, use.Kind == ToolSubjectKind.Input ? '"' : null)
                && IsOneThing(rule.Pattern, use));
    }

    private static bool Denies(ClaudeTaskRule rule, ToolUse use)
    {
        var pattern = use.Kind == ToolSubjectKind.Command ? Normal(rule.Pattern) : rule.Pattern;
        return new[] { use.Subject, use.RealSubject ?? use.Subject }
            .Select(subject => use.Kind == ToolSubjectKind.Command ? Normal(subject) : subject)
            .Any(subject => rule.IsLiteral ? pattern == subject : Wildcard.IsMatch(pattern, subject));
    }

    /// <summary>Whether the subject is nothing more than a wildcard suggests.</summary>
    private static bool IsOneThing(string pattern, ToolUse use) => use.Kind switch
    {
        ToolSubjectKind.Command => !ShellSyntax().IsMatch(use.Subject) && !HasControl(use.Subject)
            && !GitPrograms.AreStarted(use.Subject, pattern),
        ToolSubjectKind.Input => !ShellSyntax().IsMatch(Unescaped(use.Subject)) && !HasControl(Unescaped(use.Subject)),
        _ => !HasControl(use.RealSubject!),
    };

    private static bool HasControl(string text) => text.Any(character =>
        char.IsControl(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>JSON text with the characters that its escapes stand for.</summary>
    private static string Unescaped(string json) => JsonEscape().Replace(json, match => match.Value switch
    {
        "\\n" => "\n",
        "\\r" => "\r",
        "\\t" => "\t",
        { Length: 6 } code => ((char)ushort.Parse(code[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
        var other => other,
    });

    private static string Normal(string command) => WhiteSpace().Replace(command.Trim(), " ");

    /// <summary>Braces with a comma or two dots make several words of one, such as <c>{-c,alias.x=!y}</c>.</summary>
    [GeneratedRegex(@"[;&|<>`$()\r\n]|\{[^{}]*(,|\.\.)[^{}]*\}")]
    private static partial Regex ShellSyntax();

    [GeneratedRegex(@"\\(u[0-9A-Fa-f]{4}|.)", RegexOptions.Singleline)]
    private static partial Regex JsonEscape();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
