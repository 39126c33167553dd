using System.Text;

namespace ClaudeTasks.Running;

/// <summary>Splits one command into the words that its program gets, as a shell does: by blanks outside quotation marks.</summary>
internal static class ShellWords
{
    private const string Single = "'\u2018\u2019\u201a\u201b";
    private const string Double = "\"\u201c\u201d\u201e";
    private const string Glob = "*?[{";

    /// <summary>A word of a command.</summary>
    /// <param name="Text">The text, without the quotation marks and backslashes that the shell removes.</param>
    /// <param name="IsGlob">Whether the shell may put other words in its place.</param>
    public readonly record struct Word(string Text, bool IsGlob);

    /// <summary>Splits a command that has no other shell syntax. PowerShell takes typographic quotation marks for plain ones.</summary>
    public static List<Word> Split(string command)
    {
        var words = new List<Word>();
        var (text, isWord, isGlob, quotes) = (new StringBuilder(), false, false, "");
        for (var i = 0; i < command.Length; i++)
        {
            var character = command[i];
            if (quotes.Length > 0 && quotes.Contains(character, StringComparison.Ordinal))
            {
                quotes = "";
            }
            else if (quotes.Length == 0 && (Single + Double).Contains(character, StringComparison.Ordinal))
            {
                (quotes, isWord) = (Single.Contains(character, StringComparison.Ordinal) ? Single : Double, true);
            }
            else if (quotes.Length == 0 && char.IsWhiteSpace(character))
            {
                Add();
            }
            else
            {
                isGlob |= quotes.Length == 0 && Glob.Contains(character, StringComparison.Ordinal);
                i += character == '\\' && quotes != Single && i + 1 < command.Length ? 1 : 0;
                text.Append(command[i]);
                isWord = true;
            }
        }

        Add();
        return words;

        void Add()
        {
            if (isWord)
            {
                words.Add(new Word(text.ToString(), isGlob));
            }

            text.Clear();
            (isWord, isGlob) = (false, false);
        }
    }
}
