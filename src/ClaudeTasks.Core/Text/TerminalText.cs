using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClaudeTasks.Text;

/// <summary>
/// Text from outside made harmless for a terminal: control characters (escape sequences begin with one), bidirectional overrides, halves of
/// characters and what cannot be seen become visible stand-ins; line feeds and tabs stay, and what joins letters and emoji. Under a CI
/// service, what its log would take for a command is broken up. Data is never changed, only what is shown.
/// </summary>
public static class TerminalText
{
    private static readonly SearchValues<char> Harmless = SearchValues.Create(
        "\t\n" + string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)));

    /// <summary>The text without anything that a terminal would act on.</summary>
    public static string Clean(string? text)
    {
        text = CiCommands.Defuse(text ?? "");
        if (!text.AsSpan().ContainsAnyExcept(Harmless))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            var shown = Shown(rune);
            if (shown.IsBmp)
            {
                clean.Append((char)shown.Value);
            }
            else
            {
                clean.Append(shown.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>The text on one line, harmless, cut to a number of characters with an ellipsis.</summary>
    public static string OneLine(string? text, int width)
    {
        var line = Clean(text?.Trim()).Replace('\n', ' ').Replace('\t', ' ').Trim();
        return line.Length <= width ? line : line[..(width > 1 && char.IsHighSurrogate(line[width - 2]) ? width - 2 : width - 1)] + "…";
    }

    /// <summary>The character, or what stands for it. Half a character comes as the replacement character already.</summary>
    private static Rune Shown(Rune rune) => rune.Value switch
    {
        '\n' or '\t' => rune,
        < ' ' => new Rune('\u2400' + rune.Value),
        '\u007f' => new Rune('\u2421'),
        _ when IsHidden(rune) => Rune.ReplacementChar,
        _ => rune,
    };

    /// <summary>
    /// Whether a character changes how others are shown, or shows nothing itself. The joiners of letters and emoji do not count.
    /// </summary>
    internal static bool IsHidden(Rune rune) =>
        rune.Value is >= 0x80 and <= 0x9f or 0x2028 or 0x2029
        || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format && rune.Value is not (0x200c or 0x200d));
}
