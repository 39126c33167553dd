namespace ClaudeTasks.Running;

/// <summary>Patterns in which <c>*</c> stands for any text. Matching takes time in proportion to the text.</summary>
internal static class Wildcard
{
    /// <summary>Whether the whole text matches.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    /// <param name="border">A character that no star stands for; null for none.</param>
    public static bool IsMatch(string pattern, string text, char? border = null)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return pattern == text;
        }

        if (!text.StartsWith(parts[0], StringComparison.Ordinal) || text.Length < parts[0].Length + parts[^1].Length)
        {
            return false;
        }

        var position = parts[0].Length;
        var end = text.Length - parts[^1].Length;
        foreach (var part in parts[1..^1])
        {
            var found = text.IndexOf(part, position, end - position, StringComparison.Ordinal);
            if (found < 0 || HasBorder(position, found))
            {
                return false;
            }

            position = found + part.Length;
        }

        return text.EndsWith(parts[^1], StringComparison.Ordinal) && !HasBorder(position, end);

        bool HasBorder(int from, int to) => border is { } character && text.AsSpan(from, to - from).Contains(character);
    }
}
