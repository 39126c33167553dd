using ClaudeTasks.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace ClaudeTasks.Tests;

/// <summary>The examples for CI services are YAML, and their scripts call cmdlets and parameters that there are.</summary>
public sealed class ExamplesTests
{
    private const string Check =
        """
        Import-Module '{module}' -ErrorAction Stop
        $errors = $null
        $script = [Management.Automation.Language.Parser]::ParseFile('{script}', [ref] $null, [ref] $errors)
        $errors | ForEach-Object Message
        $isCall = { $args[0] -is [Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -like '*-Claude*' }
        $calls = $script.FindAll($isCall, $true)
        foreach ($call in $calls) {
            if (-not (Get-Command $call.GetCommandName() -ErrorAction Ignore)) { "There is no $($call.GetCommandName())."; continue }
            $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
            $bound.BindingExceptions.Values | ForEach-Object { $_.BindingException.Message }
        }
        if ($calls.GetCommandName() -notcontains 'Invoke-ClaudeTask') { 'It does not run a task.' }
        """;

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder(), "*.yml").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_one_for_each_service_and_one_for_many_repositories() =>
        Assert.Equal(["azure-pipelines.yml", "github-actions-matrix.yml", "github-actions.yml"], Files().Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task An_example_calls_what_there_is(string file)
    {
        Pwsh.Require();
        using var folder = new TempFolder();
        var scripts = Scripts(file);
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            // A secret comes in by the environment, where no log and no process list shows it.
            Assert.DoesNotContain("API_KEY", script, StringComparison.Ordinal);
            Assert.DoesNotContain("${{", script, StringComparison.Ordinal);

            File.WriteAllText(folder["script.ps1"], script);
            var run = await Pwsh.RunAsync(Check
                .Replace(
                    "{module}",
                    Path.Combine(SourceTree.Root, "out", "ClaudeTasks").Replace("'", "''", StringComparison.Ordinal),
                    StringComparison.Ordinal)
                .Replace("{script}", folder["script.ps1"], StringComparison.Ordinal));
            Assert.True(run.ExitCode == 0 && run.Output.Trim().Length == 0, run.Output);
        }
    }

    /// <summary>
    /// The scripts that the example runs in <c>pwsh</c>: Azure's steps of that name, GitHub's <c>run</c> with that shell.
    /// </summary>
    private static List<string> Scripts(string file)
    {
        var yaml = new YamlStream();
        using (var reader = File.OpenText(Path.Combine(Folder(), file)))
        {
            yaml.Load(reader);
        }

        return
        [
            .. Assert.Single(yaml.Documents).AllNodes.OfType<YamlMappingNode>()
                .Select(step => Text(step, "pwsh") ?? (Text(step, "shell") == "pwsh" ? Text(step, "run") : null)).OfType<string>(),
        ];
    }

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    private static string Folder() => Path.Combine(SourceTree.Root, "examples");
}
