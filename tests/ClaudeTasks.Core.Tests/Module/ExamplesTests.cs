using System.Text;
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

    [Theory]
    [MemberData(nameof(Files))]
    public void The_job_that_runs_Claude_has_nothing_to_push_with(string file)
    {
        var (work, push) = Jobs(file);

        Assert.Contains(Texts(work), text => text.Contains("Invoke-ClaudeTask", StringComparison.Ordinal));
        Assert.DoesNotContain(Texts(work), text => text.Contains("git push", StringComparison.Ordinal));
        Assert.DoesNotContain("write", Texts(work));
        Assert.Equal("false", Assert.Single(Values(work, "persist-credentials").Concat(Values(work, "persistCredentials"))));
        Assert.Subset(
            new HashSet<string> { "${{ secrets.ANTHROPIC_API_KEY }}", "$(ANTHROPIC_API_KEY)", "${{ secrets.REPOSITORIES_READ_TOKEN }}" },
            Texts(work)
                .Where(text => text.Contains("secrets.", StringComparison.Ordinal) || text.StartsWith("$(A", StringComparison.Ordinal))
                .ToHashSet());

        // The job with the rights starts git and no program of the repository.
        Assert.Equal("work", Assert.Single(Values(push, "needs").Concat(Values(push, "dependsOn"))));
        Assert.Empty(Values(push, "pwsh"));
        var commands = Assert.Single(Values(push, "run").Concat(Values(push, "script"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(commands, command => Assert.Matches("^(if \\[ ! -f |git fetch |git push )", command));
        Assert.DoesNotContain(Texts(push), text => text.Contains("API_KEY", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task An_example_pushes_the_commit_and_gives_the_code_of_its_gate_no_token(string file)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The gate is a shell script.");
        Pwsh.Require();
        using var folder = new TempFolder();
        var origin = new TestRepository(folder["origin"]);
        TestRepository.RunGit(folder.Path, "clone", "--quiet", "--depth=1", "file://" + origin.Root, "work");
        TestRepository.RunGit(folder.Path, "clone", "--quiet", "--depth=1", "file://" + origin.Root, "push");
        origin.Git("checkout", "--quiet", "--detach");
        File.WriteAllText(folder["commands"], "");
        foreach (var program in new[] { "npm", "dotnet" })
        {
            Directory.CreateDirectory(folder["bin"]);
            File.WriteAllText(
                folder["bin/" + program],
                $"#!/bin/sh\n[ -z \"$GITHUB_ENV\" ] || echo BASH_ENV=/tmp/evil >> \"$GITHUB_ENV\"\nenv > '{folder["gate-environment"]}'\n");
            UnixMode.Set(folder["bin/" + program], "755");
        }

        File.WriteAllText(folder["script.ps1"], Assert.Single(Scripts(file)));
        var work = await Pwsh.RunAsync(
            $$"""
            $ErrorActionPreference = 'Stop'
            $env:PSModulePath = '{{Path.Combine(SourceTree.Root, "out")}}'
            $env:PATH = '{{folder["bin"]}}' + [IO.Path]::PathSeparator + $env:PATH
            $env:CLAUDETASKS_HOME = '{{folder["home"]}}'
            $env:CLAUDE_CODE_PATH = '{{Simulated.Program}}'
            $env:RUNNER_TEMP = $env:BUILD_ARTIFACTSTAGINGDIRECTORY = '{{folder.Path}}'
            $env:GITHUB_ENV = '{{folder["commands"]}}'
            $env:GITHUB_TOKEN = $env:SYSTEM_ACCESSTOKEN = 'token-that-can-push'
            Set-Location '{{folder["work"]}}'
            & '{{folder["script.ps1"]}}'
            """);
        Until.True(() => Directory.GetFiles(folder["home/workers"]).Length == 0, "the worker has ended");
        Assert.True(work.ExitCode == 0, work.Output);
        Assert.Equal("", File.ReadAllText(folder["commands"]));
        Assert.DoesNotContain("token-that-can-push", File.ReadAllText(folder["gate-environment"]), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["result/report.html"]), work.Output);

        var push = Jobs(file).Push;
        var script = Assert.Single(Values(push, "run").Concat(Values(push, "script")));
        var pushed = TestRepository.Run(
            "env",
            folder["push"],
            Encoding.UTF8,
            "RUNNER_TEMP=" + folder.Path,
            "PIPELINE_WORKSPACE=" + folder.Path,
            "GITHUB_REF=refs/heads/main",
            "BUILD_SOURCEBRANCH=refs/heads/main",
            "bash",
            "-e",
            "-c",
            script);
        Assert.True(pushed.ExitCode == 0, pushed.Error);
        var branch = script.Contains("upgrade-the-sdk", StringComparison.Ordinal) ? "upgrade-the-sdk" : "main";
        Assert.Contains("Claude-Task: ", origin.Git("log", "-1", "--format=%B", branch), StringComparison.Ordinal);
        Assert.Equal(origin.Git("rev-parse", "HEAD"), origin.Git("rev-parse", branch + "^"));
    }

    /// <summary>The job that runs Claude, and the job that pushes.</summary>
    private static (YamlMappingNode Work, YamlMappingNode Push) Jobs(string file)
    {
        var jobs = Root(file)["jobs"] is YamlMappingNode named
            ? named.Children.ToDictionary(job => ((YamlScalarNode)job.Key).Value!, job => (YamlMappingNode)job.Value)
            : ((YamlSequenceNode)Root(file)["jobs"]).Cast<YamlMappingNode>().ToDictionary(job => Text(job, "job")!);
        Assert.Equal(["push", "work"], jobs.Keys.Order(StringComparer.Ordinal));
        return (jobs["work"], jobs["push"]);
    }

    private static List<string> Texts(YamlMappingNode node) => [.. node.AllNodes.OfType<YamlScalarNode>().Select(text => text.Value!)];

    private static IEnumerable<string> Values(YamlMappingNode node, string key) =>
        node.AllNodes.OfType<YamlMappingNode>().Select(step => Text(step, key)).OfType<string>();

    private static YamlMappingNode Root(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Folder(), file));
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    /// <summary>
    /// The scripts that the example runs in <c>pwsh</c>: Azure's steps of that name, GitHub's <c>run</c> with that shell.
    /// </summary>
    private static List<string> Scripts(string file) =>
    [
        .. Root(file).AllNodes.OfType<YamlMappingNode>()
            .Select(step => Text(step, "pwsh") ?? (Text(step, "shell") == "pwsh" ? Text(step, "run") : null)).OfType<string>(),
    ];

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;

    private static string Folder() => Path.Combine(SourceTree.Root, "examples");
}
