using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Agent;

/// <summary>Finds the Claude Code program.</summary>
internal static class AgentLocator
{
    public const string PathVariable = "CLAUDE_CODE_PATH";

    /// <summary>How to get Claude Code on this platform.</summary>
    public static string InstallHint => OperatingSystem.IsWindows()
        ? "Install it: irm https://claude.ai/install.ps1 | iex (or: npm install -g @anthropic-ai/claude-code), or name it: -ClaudePath, "
            + $"$env:{PathVariable}."
        : "Install it: curl -fsSL https://claude.ai/install.sh | bash (or: npm install -g @anthropic-ai/claude-code), or name it: "
            + $"-ClaudePath, $env:{PathVariable}.";

    /// <summary>The program by what the user named, <c>CLAUDE_CODE_PATH</c>, <c>claude</c> on PATH, or the usual install places.</summary>
    /// <exception cref="ClaudeTaskException">It is nowhere, or what was named is no file.</exception>
    public static string Find(string? named)
    {
        var explicitPath = named ?? Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrEmpty(explicitPath))
        {
            // No shell has replaced the ~ in a variable.
            if (explicitPath.StartsWith("~/", StringComparison.Ordinal))
            {
                explicitPath = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), explicitPath[2..]);
            }

            return File.Exists(explicitPath) ? Path.GetFullPath(explicitPath) : ProgramFinder.FindOnPath(explicitPath) ?? throw NotFound(
                $"Claude Code is not at '{explicitPath}' (named by {(named is null ? "$env:" + PathVariable : "-ClaudePath")}).");
        }

        return ProgramFinder.FindOnPath("claude")
            ?? UsualPlaces().FirstOrDefault(File.Exists)
            ?? throw NotFound("Claude Code is not installed: no 'claude' on PATH or in the usual places.");
    }

    private static ClaudeTaskException NotFound(string message) =>
        new(ClaudeTaskErrorId.InvalidArgument, message, "claude", InstallHint);

    private static IEnumerable<string> UsualPlaces()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
        {
            yield return Path.Combine(home, ".local", "bin", "claude.exe");
            var roaming = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);
            yield return Path.Combine(roaming, "npm", "node_modules", "@anthropic-ai", "claude-code", "bin", "claude.exe");
            yield break;
        }

        yield return Path.Combine(home, ".local", "bin", "claude");
        yield return Path.Combine(home, ".claude", "local", "claude");
        yield return "/usr/local/bin/claude";
        yield return "/opt/homebrew/bin/claude";
    }
}
