namespace ClaudeTasks.Running;

/// <summary>The ways by which a git command line starts a program, or writes a file, that its arguments name.</summary>
internal static class GitPrograms
{
    private static readonly string[] Commands =
    [
        "bisect", "config", "credential", "daemon", "difftool", "filter-branch", "hook", "instaweb", "maintenance", "mergetool",
        "send-email", "shell", "submodule", "web--browse",
    ];

    /// <summary>Before the command.</summary>
    private static readonly string[] GlobalOptions = ["-c", "-C", "--config-env", "--exec-path", "--git-dir", "--work-tree"];

    /// <summary>Behind the command. git takes each beginning of them that is unique.</summary>
    private static readonly string[] Options =
    [
        "--config", "--exec", "--ext-diff", "--extcmd", "--open-files-in-pager", "--output", "--receive-pack", "--template", "--textconv",
        "--tool", "--upload-archive", "--upload-pack",
    ];

    private static readonly (string Command, char Option)[] ShortOptions =
        [("clone", 'c'), ("clone", 'u'), ("grep", 'O'), ("rebase", 'x')];

    /// <summary>Whether a command line starts such a program by a word that the pattern of a rule does not name.</summary>
    /// <param name="line">One command, without shell syntax.</param>
    /// <param name="pattern">The pattern of the rule.</param>
    public static bool AreStarted(string line, string pattern)
    {
        var named = pattern.Split(' ');
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not ["git" or "git.exe", .. var words])
        {
            return false;
        }

        var global = words.TakeWhile(word => word.StartsWith('-')).ToList();
        var command = words.ElementAtOrDefault(global.Count) ?? "";
        return global.Exists(word => IsNew(word) && GlobalOptions.Any(option => Is(word, option) || IsJoined(word, option)))
            || (IsNew(command) && Commands.Contains(Unquoted(command)))
            || words.Skip(global.Count + 1).Any(word => IsNew(word) && (Options.Any(option => Is(word, option)) || IsShort(word)));

        bool IsNew(string word) => !named.Contains(word);

        bool IsShort(string word) => Unquoted(word) is ['-', not '-', ..] text
            && ShortOptions.Any(item => item.Command == command && text.Contains(item.Option, StringComparison.Ordinal));
    }

    private static bool Is(string word, string option)
    {
        var name = Unquoted(word).Split('=')[0];
        return name == option || (name.Length > 2 && option.StartsWith("--", StringComparison.Ordinal)
            && name.StartsWith("--", StringComparison.Ordinal) && option.StartsWith(name, StringComparison.Ordinal));
    }

    private static bool IsJoined(string word, string option) =>
        option.Length == 2 && Unquoted(word).StartsWith(option, StringComparison.Ordinal);

    /// <summary>The shell removes quotation marks and backslashes before git sees the word.</summary>
    private static string Unquoted(string word) => word.Replace("\"", "", StringComparison.Ordinal)
        .Replace("'", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
}
