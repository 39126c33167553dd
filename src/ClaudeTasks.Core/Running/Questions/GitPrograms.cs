namespace ClaudeTasks.Running;

/// <summary>
/// The git command lines that a wildcard does not cover, because they could start a program, or write a file, that their arguments name.
/// </summary>
internal static class GitPrograms
{
    /// <summary>The global options that change nothing.</summary>
    private static readonly string[] GlobalOptions =
        ["--glob-pathspecs", "--help", "--icase-pathspecs", "--literal-pathspecs", "--no-optional-locks", "--no-pager", "--version", "-P"];

    /// <summary>The commands of everyday work. Every other one writes where its arguments say, or runs what they name.</summary>
    private static readonly string[] Commands =
    [
        "add", "blame", "branch", "cat-file", "check-attr", "check-ignore", "checkout", "cherry", "cherry-pick", "clean", "commit",
        "count-objects", "describe", "diff", "diff-index", "diff-tree", "fetch", "for-each-ref", "grep", "help", "log", "ls-files",
        "ls-remote", "ls-tree", "merge", "merge-base", "mv", "name-rev", "pull", "push", "range-diff", "rebase", "reflog", "remote",
        "reset", "restore", "rev-list", "rev-parse", "revert", "rm", "shortlog", "show", "show-ref", "stash", "status", "switch", "tag",
        "version", "whatchanged",
    ];

    /// <summary>Options of these commands that run a program or write a file. git takes each beginning of them that is unique.</summary>
    private static readonly string[] Options =
    [
        "--exec", "--ext-diff", "--open-files-in-pager", "--output", "--receive-pack", "--textconv", "--tool", "--upload-pack",
    ];

    /// <summary>The commands that talk to another repository.</summary>
    private static readonly string[] Remotes = ["fetch", "ls-remote", "pull", "push", "remote"];

    private static readonly (string Command, char Option)[] ShortOptions = [("grep", 'O'), ("rebase", 'x')];

    /// <summary>Whether a wildcard leaves a command line to a person, because of words that the pattern does not name.</summary>
    /// <param name="line">One command, without other shell syntax.</param>
    /// <param name="pattern">The pattern of the rule.</param>
    public static bool AreStarted(string line, string pattern)
    {
        var words = ShellWords.Split(line);
        if (words.Count == 0 || words[0].Text.Split('/', '\\')[^1] is not ("git" or "git.exe"))
        {
            return false;
        }

        var named = ShellWords.Split(pattern).Where(word => !word.IsGlob).Select(word => word.Text).ToList();
        var rest = words.Skip(1)
            .SkipWhile(word => GlobalOptions.Contains(word.Text) || (word.Text.StartsWith('-') && IsNamed(word)))
            .ToList();
        if (rest.Count == 0)
        {
            return false;
        }

        // Behind two dashes there are only files.
        var command = rest[0].Text;
        var arguments = rest.Skip(1).TakeWhile(word => word.Text != "--").ToList();
        return (!Commands.Contains(command) && !IsNamed(rest[0]))
            || arguments.Exists(word => word.IsGlob && !IsNamed(word) && !word.Text.Contains("@{", StringComparison.Ordinal))
            || NamesFolder(command, [.. rest.Skip(1).Where(word => !IsNamed(word)).Select(word => word.Text)])
            || arguments.Exists(word => !IsNamed(word) && (Options.Any(option => Is(word.Text, option)) || IsShort(command, word.Text)));

        // The options that a pattern names may be followed by their values.
        bool IsNamed(ShellWords.Word word) => named.Contains(word.Text);
    }

    /// <summary>
    /// Whether a command talks to a repository that is a folder here, whose hooks git would run, or names a program for the other side.
    /// </summary>
    private static bool NamesFolder(string command, List<string> arguments)
    {
        if (!Remotes.Contains(command))
        {
            return false;
        }

        // What stands first is a remote; behind it, branches have slashes, too.
        var words = arguments.Where(word => !word.StartsWith('-')).ToList();
        return words.Exists(word => word is ['/' or '~' or '.', ..]
                || word.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
                || word.Contains("::", StringComparison.Ordinal)
                || (word.Contains('\\', StringComparison.Ordinal) && OperatingSystem.IsWindows()))
            || (command != "remote" && words is [var first, ..] && first.Contains('/', StringComparison.Ordinal)
                && !first.Contains(':', StringComparison.Ordinal));
    }

    private static bool Is(string word, string option)
    {
        var name = word.Split('=')[0];
        return name.Length > 2 && name.StartsWith("--", StringComparison.Ordinal) && option.StartsWith(name, StringComparison.Ordinal);
    }

    private static bool IsShort(string command, string word) => word is ['-', not '-', ..]
        && ShortOptions.Any(item => item.Command == command && word.Contains(item.Option, StringComparison.Ordinal));
}
