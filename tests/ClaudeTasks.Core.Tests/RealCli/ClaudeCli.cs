using System.ComponentModel;
using System.Diagnostics;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Finds the real Claude Code CLI. A stand-in does not count: it does not call itself Claude Code, or says that it is simulated.</summary>
internal static class ClaudeCli
{
    private const string PathVariable = "CLAUDE_CODE_PATH";
    private const string Name = "Claude Code";

    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>The program; skips the test where there is none.</summary>
    public static string Require()
    {
        Assert.SkipUnless(
            Found.Value is not null,
            $"The real Claude Code CLI is not installed: neither ${PathVariable} nor 'claude' on PATH is it. "
                + "Install it: npm install -g @anthropic-ai/claude-code");
        return Found.Value!;
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable(PathVariable);
        return Candidates(named).FirstOrDefault(IsReal);
    }

    private static IEnumerable<string> Candidates(string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            yield return Path.GetFullPath(named);
        }

        var file = OperatingSystem.IsWindows() ? "claude.exe" : "claude";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Path.GetFullPath(Path.Combine(folder, file));
        }
    }

    private static bool IsReal(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, "--version")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            process.StandardInput.Close();
            var answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return answer.Contains(Name, StringComparison.Ordinal) && !answer.Contains("simulated", StringComparison.OrdinalIgnoreCase);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
