using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Runs the module's Pester tests against the staged module, a file at a time, each in a PowerShell of its own.</summary>
public sealed class ModuleTests
{
    private static string Folder { get; } = Path.Combine(SourceTree.Root, "tests", "Module");

    private static Lazy<Task<string?>> Missing { get; } = new(FindMissingAsync);

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*.Tests.ps1", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Pester(string file)
    {
        var missing = await Missing.Value;
        Assert.SkipWhen(missing is not null, missing ?? "");

        var path = Path.Combine(Folder, file).Replace("'", "''", StringComparison.Ordinal);
        var run = await Pwsh.RunAsync(
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

    /// <summary>Returns what is missing for the tests to run. It is asked once, because a start of pwsh takes a while.</summary>
    private static async Task<string?> FindMissingAsync()
    {
        var probe = await Pwsh.RunAsync("@(Get-Module Pester -ListAvailable | Where-Object Version -ge ([version] '5.0')).Count");
        return probe is null ? "pwsh is not on PATH"
            : int.TryParse(probe.Value.Output.Trim(), out var versions) && versions > 0 ? null
            : "Pester 5 is not installed";
    }
}
