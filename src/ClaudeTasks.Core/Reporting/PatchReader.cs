using System.Globalization;
using System.Text.RegularExpressions;

namespace ClaudeTasks.Reporting;

/// <summary>Reads the patch of one file as git writes it: lines with their numbers, and what differs within changed lines.</summary>
internal static partial class PatchReader
{
    public static List<PatchLine> Read(string patch)
    {
        var lines = new List<PatchLine>();
        var (oldNumber, newNumber, inHunk) = (0, 0, false);
        foreach (var line in patch.TrimEnd('\n').Split('\n'))
        {
            if (Place().Match(line) is { Success: true } place)
            {
                oldNumber = int.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                newNumber = int.Parse(place.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
                inHunk = true;
                lines.Add(new PatchLine(PatchLineKind.Heading, line));
            }
            else if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                inHunk = false;
            }
            else if (!inHunk)
            {
                AddExtendedHeader(lines, line);
            }
            else
            {
                lines.Add(line.FirstOrDefault() switch
                {
                    '+' => new PatchLine(PatchLineKind.Added, line[1..], null, newNumber++),
                    '-' => new PatchLine(PatchLineKind.Removed, line[1..], oldNumber++),
                    '\\' => new PatchLine(PatchLineKind.Heading, line),
                    _ => new PatchLine(PatchLineKind.Context, line.Length > 0 ? line[1..] : "", oldNumber++, newNumber++),
                });
            }
        }

        MarkDifferences(lines);
        return lines;
    }

    /// <summary>
    /// Of the lines before the first place only the modes, and what stands instead of a patch, say something that is not said elsewhere.
    /// </summary>
    private static void AddExtendedHeader(List<PatchLine> lines, string line)
    {
        if (new[] { "old mode", "new mode", "# " }.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
        {
            lines.Add(new PatchLine(PatchLineKind.Heading, line));
        }
    }

    /// <summary>Where as many lines were added as removed in one place, each stands for the other.</summary>
    private static void MarkDifferences(List<PatchLine> lines)
    {
        for (var start = 0; start < lines.Count;)
        {
            var removed = Run(lines, start, PatchLineKind.Removed);
            var added = Run(lines, start + removed, PatchLineKind.Added);
            for (var i = start; removed == added && i < start + removed; i++)
            {
                (lines[i], lines[i + removed]) = Compare(lines[i], lines[i + removed]);
            }

            start += Math.Max(1, removed + added);
        }
    }

    private static int Run(List<PatchLine> lines, int start, PatchLineKind kind)
    {
        var end = start;
        while (end < lines.Count && lines[end].Kind == kind)
        {
            end++;
        }

        return end - start;
    }

    /// <summary>What is left when the words at both ends that the lines have in common are taken away.</summary>
    private static (PatchLine Removed, PatchLine Added) Compare(PatchLine removed, PatchLine added)
    {
        var (before, after) = (Words().Matches(removed.Text), Words().Matches(added.Text));
        var shorter = Math.Min(before.Count, after.Count);
        var head = 0;
        while (head < shorter && before[head].ValueSpan.SequenceEqual(after[head].ValueSpan))
        {
            head++;
        }

        var tail = 0;
        while (tail < shorter - head && before[^(tail + 1)].ValueSpan.SequenceEqual(after[^(tail + 1)].ValueSpan))
        {
            tail++;
        }

        // Two lines that share only spaces and brackets are not versions of one line.
        var isAlike = before.Take(head).Concat(before.TakeLast(tail)).Any(word => char.IsLetterOrDigit(word.ValueSpan[0]));
        return isAlike
            ? (removed with { Different = Rest(before, head, tail) }, added with { Different = Rest(after, head, tail) })
            : (removed, added);
    }

    private static Range Rest(MatchCollection words, int head, int tail) =>
        words.Count == head + tail ? 0..0 : words[head].Index..(words[^(tail + 1)].Index + words[^(tail + 1)].Length);

    /// <summary>Numbers of more digits than a file can have lines are no place.</summary>
    [GeneratedRegex(@"^@@ -(\d{1,9})(?:,\d+)? \+(\d{1,9})(?:,\d+)? @@")]
    private static partial Regex Place();

    [GeneratedRegex(@"\w+|\s+|\p{Cs}\p{Cs}|.", RegexOptions.Singleline)]
    private static partial Regex Words();
}
