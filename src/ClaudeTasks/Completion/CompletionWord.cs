using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace ClaudeTasks.Completion;

/// <summary>The word that is being completed, as it was typed: what it says, and how a value is written in its place.</summary>
internal sealed class CompletionWord
{
    // PowerShell takes typographic quotes for quotes.
    private const string SingleQuotes = "'\u2018\u2019\u201a\u201b";
    private const string DoubleQuotes = "\"\u201c\u201d\u201e";

    private readonly bool _isSingleQuoted;
    private readonly bool _isDoubleQuoted;
    private readonly WildcardPattern? _pattern;

    public CompletionWord(string? typed)
    {
        var word = typed ?? "";
        _isSingleQuoted = word.Length > 0 && SingleQuotes.Contains(word[0], StringComparison.Ordinal);
        _isDoubleQuoted = word.Length > 0 && DoubleQuotes.Contains(word[0], StringComparison.Ordinal);
        var quotes = _isSingleQuoted ? SingleQuotes : DoubleQuotes;
        if (_isSingleQuoted || _isDoubleQuoted)
        {
            word = word[1..];
            word = word.Length > 0 && quotes.Contains(word[^1], StringComparison.Ordinal) ? word[..^1] : word;
        }

        Text = _isSingleQuoted ? Undouble(word) : WithoutBackquotes(word);
        _pattern = ReadPattern(Text);
    }

    /// <summary>What the word says so far.</summary>
    public string Text { get; }

    /// <summary>Whether a value begins with the word, or matches it where it has wildcards.</summary>
    public bool Begins(string value) =>
        value.StartsWith(Text, StringComparison.OrdinalIgnoreCase)
        || value.StartsWith(WildcardPattern.Unescape(Text), StringComparison.OrdinalIgnoreCase)
        || _pattern?.IsMatch(value) == true;

    /// <summary>Whether a value has the word anywhere in it.</summary>
    public bool IsIn(string value) => value.Contains(Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value as an argument that PowerShell reads as exactly this value; in the quotes that were begun.</summary>
    public string Quote(string value) =>
        _isDoubleQuoted ? $"\"{string.Concat(value.Select(character => NeedsBackquote(character) ? $"`{character}" : $"{character}"))}\""
        : _isSingleQuoted || !IsBare(value) ? $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'"
        : value;

    /// <summary>A set that is still being typed makes no pattern yet.</summary>
    private static WildcardPattern? ReadPattern(string text)
    {
        try
        {
            var pattern = WildcardPattern.ContainsWildcardCharacters(text)
                ? WildcardPattern.Get(text + "*", WildcardOptions.IgnoreCase)
                : null;
            _ = pattern?.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException)
        {
            return null;
        }
    }

    private static bool IsBare(string value) =>
        value[0] is not ('-' or '~')
        && value.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or '/' or '\\' or ':' or '~');

    private static bool NeedsBackquote(char character) =>
        character is '`' or '$' || DoubleQuotes.Contains(character, StringComparison.Ordinal);

    private static string Undouble(string word)
    {
        var text = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            text.Append(word[i]);
            i += SingleQuotes.Contains(word[i], StringComparison.Ordinal)
                && i + 1 < word.Length
                && SingleQuotes.Contains(word[i + 1], StringComparison.Ordinal)
                    ? 1
                    : 0;
        }

        return text.ToString();
    }

    private static string WithoutBackquotes(string word)
    {
        var text = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            i += word[i] == '`' && i + 1 < word.Length ? 1 : 0;
            text.Append(word[i]);
        }

        return text.ToString();
    }
}
