using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Runs the module's Pester tests against the staged module, a file at a time, each in a PowerShell of its own.</summary>
public sealed class ModuleTests
{
    private static string Folder { get; } = Path.Combine(SourceTree.Root, "tests", "Module");

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*.Tests.ps1", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Pester(string file)
    {
        Pwsh.Require();
        var run = await Pwsh.RunAsync(
            $$"""
            Import-Module {{Quoted(Pwsh.Pester)}}
            $configuration = New-PesterConfiguration
            $configuration.Run.Path = {{Quoted(Path.Combine(Folder, file))}}
            $configuration.Run.PassThru = $true
            $configuration.Output.CIFormat = 'None'
            $result = Invoke-Pester -Configuration $configuration
            if ($result.TotalCount -eq 0) { exit 99 }
            exit $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
            """);
        Assert.True(run.ExitCode == 0, run.Output);
    }

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
