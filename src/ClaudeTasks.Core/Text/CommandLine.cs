namespace ClaudeTasks.Text;

/// <summary>A command as a person can copy it into PowerShell.</summary>
internal static class CommandLine
{
    private const string Plain = "-_./:=@^+,%";

    /// <summary>Returns the words, each quoted where PowerShell would read it in another way.</summary>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) =>
        word is not ("" or ['@' or ',' or '%', ..])
        && word.All(character => char.IsAsciiLetterOrDigit(character) || Plain.Contains(character, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}
