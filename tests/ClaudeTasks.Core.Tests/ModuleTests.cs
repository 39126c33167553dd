using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ClaudeTasks.Tests;

/// <summary>Runs the module's Pester tests against the staged module, a file at a time, each in a PowerShell of its own.</summary>
public sealed class ModuleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(ModuleTestsFolder(), "*.Tests.ps1").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Pester(string file)
    {
        var probe = await RunAsync("@(Get-Module Pester -ListAvailable | Where-Object Version -ge ([version] '5.0')).Count");
        Assert.SkipWhen(probe is null, "pwsh is not on PATH");
        Assert.SkipUnless(int.TryParse(probe!.Value.Output.Trim(), out var versions) && versions > 0, "Pester 5 is not installed");

        var path = Path.Combine(ModuleTestsFolder(), file).Replace("'", "''", StringComparison.Ordinal);
        var run = await RunAsync(
            $$"""
            Import-Module Pester -MinimumVersion 5.0
            $configuration = New-PesterConfiguration
            $configuration.Run.Path = '{{path}}'
            $configuration.Run.PassThru = $true
            $configuration.Output.CIFormat = 'None'
            $result = Invoke-Pester -Configuration $configuration
            if ($result.TotalCount -eq 0) { exit 99 }
            exit $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
            """);
        Assert.True(run!.Value.ExitCode == 0, run.Value.Output);
    }

    private static async Task<(int ExitCode, string Output)?> RunAsync(string command)
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NO_COLOR"] = "1" },
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        using (process)
        {
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
                throw new TimeoutException($"The Pester run took longer than {Limit}.");
            }
        }
    }

    private static string ModuleTestsFolder([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "Module"));
}
