using System.Text;
using System.Text.RegularExpressions;
using ClaudeTasks.Text;

namespace ClaudeTasks.Review;

/// <summary>The message of a task's commit.</summary>
internal static class CommitMessage
{
    private const int LongestSubject = 72;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>
    /// The words that make a CI service skip a commit: [skip ci], [ci-skip], [no ci], [skip actions], [skip azurepipelines], ***NO_CI***,
    /// skip-checks: true. They have that effect anywhere in a message. The groups keep them readable and without effect.
    /// </summary>
    private static readonly (Regex Order, string Harmless)[] SkipOrders =
    [
        (new Regex(@"\[([^\[\]]*(?:skip|no[ _-]?ci)[^\[\]]*)\]", Linear), "($1)"),
        (new Regex(@"\*+(NO_CI)\*+", Linear), "$1"),
        (new Regex(@"(skip-checks)[ \t]*:[ \t]*", Linear), "$1 "),
    ];

    /// <summary>
    /// Returns the user's message, or one made of the prompt, with the task's trailer at its end. Only the first line of a prompt becomes
    /// the subject, and its other lines are quoted, because a prompt can contain text from outside: it must neither add trailers nor tell
    /// a CI service to skip the commit.
    /// </summary>
    /// <param name="message">The user's message; null for one made of the prompt.</param>
    /// <param name="prompt">The task's prompt.</param>
    /// <param name="trailer">The task's trailer.</param>
    public static string Of(string? message, string prompt, string trailer)
    {
        if (message is not null)
        {
            return $"{message.Trim()}\n\n{trailer}\n";
        }

        // git takes everything up to the first blank line for the subject, and its log prints control characters as they are.
        var text = string.Concat(prompt.ReplaceLineEndings("\n").EnumerateRunes()
            .Where(rune => rune.Value is '\n' or '\t' || !(Rune.IsControl(rune) || TerminalText.IsHidden(rune)))).Trim();
        text = SkipOrders.Aggregate(text, (harmless, item) => item.Order.Replace(harmless, item.Harmless));
        var (subject, rest) = text.Split('\n', 2) is [var first, var others] ? (first.Trim(), others.Trim()) : (text, "");
        if (subject.Length > LongestSubject)
        {
            (subject, rest) = ($"{subject[..(LongestSubject - 1)]}…", text);
        }

        return $"{subject}\n\n{(rest.Length > 0 ? Quote(rest) + "\n\n" : "")}{trailer}\n";
    }

    private static string Quote(string text) => string.Join('\n', text.Split('\n').Select(line => $"> {line}".TrimEnd()));
}
