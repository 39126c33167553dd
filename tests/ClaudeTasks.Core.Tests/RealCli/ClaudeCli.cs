using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>
/// Finds the real Claude Code CLI. A stand-in does not count: it does not call itself Claude Code, or says that it is simulated.
/// </summary>
internal static class ClaudeCli
{
    private const string PathVariable = "CLAUDE_CODE_PATH";
    private const string Name = "Claude Code";

    private static readonly Lazy<(string? Program, string? Missing)> Found = new(Find);

    /// <summary>Returns the program. Skips the test if there is none.</summary>
    public static string Require()
    {
        Assert.SkipWhen(Found.Value.Missing is not null, Found.Value.Missing ?? "");
        return Found.Value.Program!;
    }

    private static (string? Program, string? Missing) Find()
    {
        if (Candidates(Environment.GetEnvironmentVariable(PathVariable)).FirstOrDefault(IsReal) is { } installed)
        {
            return (installed, null);
        }

        var problem = TestTools.RestoreNodeModules();
        var restored = Path.Combine(TestTools.Folder, "node_modules", "@anthropic-ai", "claude-code", "bin", "claude.exe");
        return problem is null && IsReal(restored)
            ? (restored, null)
            : (null, $"The real Claude Code CLI is not installed (${PathVariable} or 'claude' on PATH), and its package was not restored: "
                + (problem ?? $"'{restored}' does not run here."));
    }

    private static IEnumerable<string> Candidates(string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            yield return Path.GetFullPath(named);
        }

        var file = OperatingSystem.IsWindows() ? "claude.exe" : "claude";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Path.GetFullPath(Path.Combine(folder, file));
        }
    }

    private static bool IsReal(string path) =>
        File.Exists(path)
        && TestTools.Ask(path, "--version") is { } answer
        && answer.Contains(Name, StringComparison.Ordinal)
        && !answer.Contains("simulated", StringComparison.OrdinalIgnoreCase);
}
