namespace ClaudeTasks.Running;

/// <summary>Finds patterns that allow more than they seem to.</summary>
internal static class RuleRisk
{
    /// <summary>Programs that run other programs, or code, that their arguments name.</summary>
    private static readonly string[] Starters =
    [
        "awk", "bash", "bun", "busybox", "cargo", "cmd", "deno", "docker", "dotnet", "env", "exec", "eval", "find", "gcc", "git", "go",
        "gradle", "java", "just", "kubectl", "lua", "make", "mvn", "nice", "node", "nohup", "npm", "npx", "parallel", "perl", "php", "pip",
        "pnpm", "podman", "powershell", "pwsh", "python", "python3", "rake", "rsync", "ruby", "sed", "setsid", "sh", "sort", "ssh", "sudo",
        "tar", "task", "time", "timeout", "uv", "uvx", "vi", "vim", "watch", "xargs", "yarn", "zsh",
    ];

    /// <summary>Says what else a pattern allows; null if it is as narrow as it looks.</summary>
    public static string? Of(string tool, string pattern)
    {
        if (pattern.Trim() == "*")
        {
            return $"The rule allows every use of {tool}.";
        }

        if (!pattern.Contains('*', StringComparison.Ordinal) || ToolInput.Of(tool)?.Kind != ToolSubjectKind.Command)
        {
            return null;
        }

        var first = pattern.TrimStart().Split(' ', '*')[0];
        var program = first[(first.LastIndexOfAny(['/', '\\']) + 1)..].ToLowerInvariant();
        return program.Length == 0 ? $"The pattern '{pattern}' allows programs of any name."
            : Starters.Contains(program, StringComparer.Ordinal)
            ? $"'{program}' can run any program that its arguments name, so '{pattern}' allows more than it seems to."
            : null;
    }
}
