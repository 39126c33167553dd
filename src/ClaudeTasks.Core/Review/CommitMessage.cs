namespace ClaudeTasks.Review;

/// <summary>The message of a task's commit.</summary>
internal static class CommitMessage
{
    private const int LongestSubject = 72;

    /// <summary>Returns the user's message, or one made of the prompt, with the task's trailer at its end.</summary>
    public static string Of(string? message, string prompt, string trailer)
    {
        if (message is not null)
        {
            return $"{message.Trim()}\n\n{trailer}\n";
        }

        // git takes everything up to the first blank line for the subject, and its log prints control characters as they are.
        var text = string.Concat(prompt.ReplaceLineEndings("\n")
            .Where(character => character is '\n' or '\t' || !char.IsControl(character))).Trim();
        var (subject, rest) = text.Split('\n', 2) is [var first, var others] ? (first.Trim(), others.Trim()) : (text, "");
        if (subject.Length > LongestSubject)
        {
            (subject, rest) = ($"{subject[..(LongestSubject - 1)]}…", text);
        }

        return $"{subject}\n\n{(rest.Length > 0 ? rest + "\n\n" : "")}{trailer}\n";
    }
}
