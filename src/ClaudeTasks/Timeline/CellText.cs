using System.Globalization;
using System.Text;
using ClaudeTasks.Text;

namespace ClaudeTasks.Timeline;

/// <summary>
/// Text by the cells of a terminal that it takes. Terminals disagree on what joiners, variation selectors and skin tones do to a width;
/// these are left out, so that each character takes the cells it takes alone, everywhere.
/// </summary>
internal static class CellText
{
    private const int TabStop = 4;

    /// <summary>
    /// What takes two cells: East Asian wide and full-width characters, and emoji (Unicode 15.1). Pairs of first and last.
    /// </summary>
    private static readonly int[] Wide =
    [
        0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3, 0x25FD, 0x25FE, 0x2614, 0x2615,
        0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693, 0x26A1, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE,
        0x26D4, 0x26D4, 0x26EA, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD, 0x2705, 0x2705, 0x270A, 0x270B,
        0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797, 0x27B0, 0x27B0, 0x27BF, 0x27BF,
        0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55, 0x2E80, 0x303E, 0x3041, 0x4DBF, 0x4E00, 0xA4CF, 0xA960, 0xA97C, 0xAC00, 0xD7A3,
        0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x18D08, 0x1AFF0, 0x1B2FB,
        0x1F004, 0x1F004, 0x1F0CF, 0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F200, 0x1F320, 0x1F32D, 0x1F335, 0x1F337, 0x1F37C,
        0x1F37E, 0x1F393, 0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0, 0x1F3F0, 0x1F3F4, 0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440,
        0x1F442, 0x1F4FC, 0x1F4FF, 0x1F53D, 0x1F54B, 0x1F54E, 0x1F550, 0x1F567, 0x1F57A, 0x1F57A, 0x1F595, 0x1F596, 0x1F5A4, 0x1F5A4,
        0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0, 0x1F6D2, 0x1F6D5, 0x1F6D7, 0x1F6DC, 0x1F6DF, 0x1F6EB, 0x1F6EC,
        0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7EB, 0x1F7F0, 0x1F7F0, 0x1F90C, 0x1F93A, 0x1F93C, 0x1F945, 0x1F947, 0x1F9FF, 0x1FA70, 0x1FAFF,
        0x20000, 0x2FFFD, 0x30000, 0x3FFFD,
    ];

    /// <summary>How many cells a text takes.</summary>
    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>The text in exactly so many cells: cut with an ellipsis, or filled up with blanks.</summary>
    public static string Fit(string text, int width)
    {
        var fitted = Cut(text, width);
        return fitted + new string(' ', Math.Max(0, width - Width(fitted)));
    }

    /// <summary>The text in so many cells at most, cut with an ellipsis.</summary>
    public static string Cut(string text, int width)
    {
        var plain = string.Concat(Wrap(text.ReplaceLineEndings(" "), int.MaxValue));
        if (width <= 0 || Width(plain) <= width)
        {
            return width <= 0 ? "" : plain;
        }

        var row = Wrap(plain, width - 1)[0];
        return (Width(row) < width ? row : "") + "…";
    }

    /// <summary>
    /// The rows a line of text takes, each of so many cells at most, broken anywhere. Harmless for a terminal; tabs become blanks.
    /// </summary>
    public static List<string> Wrap(string line, int width)
    {
        var rows = new List<string>();
        var row = new StringBuilder();
        var used = 0;
        foreach (var rune in TerminalText.Clean(line).Replace("\t", new string(' ', TabStop), StringComparison.Ordinal).EnumerateRunes())
        {
            var cells = Width(rune);
            if (IsDisputed(rune) || (cells == 0 && used == 0))
            {
                continue;
            }

            if (used + cells > width && used > 0)
            {
                rows.Add(row.ToString());
                row.Clear();
                used = 0;
            }

            row.Append(rune.ToString());
            used += cells;
        }

        rows.Add(row.ToString());
        return rows;
    }

    private static bool IsDisputed(Rune rune) =>
        rune.Value is >= 0xFE00 and <= 0xFE0F or >= 0x1F3FB and <= 0x1F3FF || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    private static int Width(Rune rune)
    {
        if (rune.Value < 0x300)
        {
            return 1;
        }

        if (IsDisputed(rune)
            || rune.Value is >= 0x1160 and <= 0x11FF
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return 0;
        }

        // Found: the first or last of a pair. Not found: its complement is the next greater, which ends a pair where its place is odd.
        var place = Array.BinarySearch(Wide, rune.Value);
        return place >= 0 || (~place & 1) == 1 ? 2 : 1;
    }
}
