using System.Diagnostics;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// Runs commands in a PowerShell of their own: the installed one with its Pester, or the packages of <see cref="TestTools"/>.
/// </summary>
internal static class Pwsh
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private static readonly Lazy<(string Program, string Pester, string? Missing)> Found = new(Find);

    /// <summary>The path or name of <c>pwsh</c>.</summary>
    public static string Program => Found.Value.Program;

    /// <summary>The path of Pester's manifest.</summary>
    public static string Pester => Found.Value.Pester;

    /// <summary>Skips the test if there is no PowerShell or no Pester.</summary>
    public static void Require() => Assert.SkipWhen(Found.Value.Missing is not null, Found.Value.Missing ?? "");

    /// <summary>Runs a command. Returns the exit code and all output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string command)
    {
        var start = new ProcessStartInfo(Program, ["-NoProfile", "-NonInteractive", "-Command", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NO_COLOR"] = "1" },
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The run of pwsh took longer than {Limit}.");
        }
    }

    private static (string Program, string Pester, string? Missing) Find()
    {
        if (Probe("pwsh") is { Length: > 0 } installed)
        {
            return ("pwsh", installed, null);
        }

        if (TestTools.RestorePackages() is { } problem)
        {
            return ("", "", $"PowerShell 7.4 with Pester 5 is not installed, and its packages were not restored: {problem}");
        }

        var program = Restored("PowerShell", OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        return Probe(program) is null
            ? ("", "", $"PowerShell 7.4 with Pester 5 is not installed, and '{program}' does not run here.")
            : (program, Restored("Pester", "Pester.psd1"), null);
    }

    /// <summary>
    /// Returns the path of the installed Pester, empty if there is none; null if there is no PowerShell that is new enough.
    /// </summary>
    private static string? Probe(string program) => TestTools.Ask(
        program,
        "-NoProfile",
        "-NonInteractive",
        "-Command",
        """
        if ($PSVersionTable.PSVersion -lt [version] '7.4') { exit 1 }
        Get-Module Pester -ListAvailable | Where-Object Version -ge ([version] '5.0') | Select-Object -First 1 | ForEach-Object Path
        """);

    private static string Restored(string package, string file) =>
        Directory.EnumerateFiles(TestTools.PackageFolder(package), file, SearchOption.AllDirectories).Single();
}
