using ClaudeTasks.Text;

namespace ClaudeTasks.Notices;

/// <summary>What a terminal takes for a notice to its user: a plain bell where nothing better is known of it.</summary>
internal static class NoticeSequence
{
    private const int Longest = 200;
    private const string Bell = "\a";
    private const string End = "\e\\";

    /// <param name="title">What it is about, such as the task.</param>
    /// <param name="text">What there is to tell.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static string Of(string title, string text, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);

        // A semicolon would begin the next field.
        var (head, body) = (Clean(title).Replace(';', ','), Clean(text));
        return FormOf(variable) switch
        {
            Form.Osc9 => $"\e]9;{head}: {body}{End}",
            Form.Osc777 => $"\e]777;notify;{head};{body.Replace(';', ',')}{End}",
            _ => Bell,
        };
    }

    private static Form FormOf(Func<string, string?> variable)
    {
        // What stands between passes the bell on and no more, whatever terminal it runs in.
        if (Is("TMUX") || Is("STY") || Is("ZELLIJ"))
        {
            return Form.Bell;
        }

        var term = variable("TERM") ?? "";
        return variable("TERM_PROGRAM") switch
        {
            "iTerm.app" or "WezTerm" or "ghostty" => Form.Osc9,

            // Windows Terminal shows no notices, and marks the tab at a bell.
            _ when Is("WT_SESSION") => Form.Bell,
            _ when Is("KITTY_WINDOW_ID") || term == "xterm-kitty" || term == "xterm-ghostty" => Form.Osc9,
            _ when term.StartsWith("foot", StringComparison.Ordinal) || term.StartsWith("rxvt-unicode", StringComparison.Ordinal) =>
                Form.Osc777,
            _ => Form.Bell,
        };

        bool Is(string name) => !string.IsNullOrEmpty(variable(name));
    }

    private static string Clean(string text) => TerminalText.OneLine(text, Longest);

    private enum Form
    {
        Bell,
        Osc9,
        Osc777,
    }
}
