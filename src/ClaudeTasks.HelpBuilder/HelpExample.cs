using System.Text.RegularExpressions;

namespace ClaudeTasks.HelpBuilder;

/// <summary>An example: a block of PowerShell, what it printed (a block of text) if that is shown, and words on it.</summary>
internal sealed partial class HelpExample
{
    public HelpExample(string title, string body, string file)
    {
        Title = title;
        Code = Block(body, "powershell") ?? throw new HelpException(file, $"The example '{title}' has no block of powershell.");
        Output = Block(body, "text");
        Remarks = HelpPage.Paragraphs(Fence().Replace(body, "\n\n"));
    }

    public string Title { get; }

    public string Code { get; }

    public string? Output { get; }

    public IReadOnlyList<string> Remarks { get; }

    private static string? Block(string body, string language) =>
        Fence().Matches(body).FirstOrDefault(match => match.Groups[1].Value == language)?.Groups[2].Value.TrimEnd();

    [GeneratedRegex("^```(\\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
