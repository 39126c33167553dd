using System.Globalization;
using System.Text;

namespace ClaudeTasks.Tasks;

/// <summary>
/// Text from outside made harmless for a terminal: control characters (escape sequences begin with one) and bidirectional overrides
/// become visible stand-ins; line feeds and tabs stay. Under a CI service, what its log would take for a command is broken up. Data is
/// never changed, only what is shown.
/// </summary>
public static class TerminalText
{
    /// <summary>The text without anything that a terminal would act on.</summary>
    public static string Clean(string? text)
    {
        text = CiCommands.Defuse(text ?? "");
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                continue;
            }

            clean.Append(character switch
            {
                '\n' or '\t' => character,
                < ' ' => (char)('\u2400' + character),
                '\u007f' => '\u2421',
                _ when IsHidden(character) => '\ufffd',
                _ => character,
            });
        }

        return clean.ToString();
    }

    /// <summary>The text on one line, harmless, cut to a number of characters with an ellipsis.</summary>
    public static string OneLine(string? text, int width)
    {
        var line = Clean(text).Replace('\n', ' ').Replace('\t', ' ').Trim();
        return line.Length <= width ? line : line[..(width - 1)] + "…";
    }

    private static bool IsHidden(char character) =>
        character is >= '\u0080' and <= '\u009f' or '\u2028' or '\u2029'
        || (char.GetUnicodeCategory(character) == UnicodeCategory.Format && character is not ('\u200d' or '\u200c'));
}
