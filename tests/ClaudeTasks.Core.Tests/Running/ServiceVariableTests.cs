using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>
/// The tokens and command files of a CI service do not reach code that Claude may have written: its commands, gates, hooks and filters.
/// </summary>
public sealed class ServiceVariableTests : IDisposable
{
    private const string Token = "ghs_token-that-can-push";

    private readonly EngineFixture _engine = new();
    private readonly Dictionary<string, string?> _before = [];

    public ServiceVariableTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands, hooks and filters are shell scripts.");

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_script_that_Claude_wrote_cannot_make_a_later_step_run_its_code()
    {
        var (commands, later) = (_engine["commands"], _engine["later"]);
        File.WriteAllText(commands, "");
        Set("GITHUB_ENV", commands);
        Set("GITHUB_TOKEN", Token);
        Set("SYSTEM_ACCESSTOKEN", Token);
        Set("CI_JOB_TOKEN", Token);
        InstallEvilScript(later);

        var task = RunTask(new TaskSettings());

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
        Assert.Equal("", File.ReadAllText(commands));
        Assert.Equal(["agent", "filter", "gate", "hook"], Callers(later));
        Assert.DoesNotContain(Token, File.ReadAllText(later), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_the_user_names_is_inherited()
    {
        var later = _engine["later"];
        Set("GITHUB_TOKEN", Token);
        Set("CI_JOB_TOKEN", "other-token");
        InstallEvilScript(later);

        var task = RunTask(new TaskSettings { InheritVariable = ["GITHUB_TOKEN"] });
        _engine.Engine.Approve(task.Id, null, _ => true, force: false);

        var given = File.ReadAllLines(later).Where(line => line.Contains(Token, StringComparison.Ordinal));
        Assert.Superset(new HashSet<string> { "agent", "gate", "hook" }, given.Select(line => line.Split(' ')[0]).ToHashSet());
        Assert.DoesNotContain("other-token", File.ReadAllText(later), StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_says_which_variables_it_withholds_and_how_to_pass_them_on()
    {
        Set("GITHUB_TOKEN", Token);
        Set("GITHUB_ENV", "/dev/null");

        var task = _engine.Run(Steps(Says("Hello.")), new TaskSettings { InheritVariable = ["github_env"] });

        var notice = Assert.Single(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Notice), text => text.Contains("GITHUB_TOKEN", StringComparison.Ordinal));
        Assert.Contains("-InheritVariable", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("GITHUB_ENV", notice, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GITHUB_ENV"), InlineData("GITHUB_PATH"), InlineData("GITHUB_OUTPUT"), InlineData("GITHUB_STATE")]
    [InlineData("GITHUB_STEP_SUMMARY"), InlineData("GITHUB_TOKEN"), InlineData("ACTIONS_RUNTIME_TOKEN"), InlineData("ACTIONS_RUNTIME_URL")]
    [InlineData("ACTIONS_ID_TOKEN_REQUEST_TOKEN"), InlineData("ACTIONS_ID_TOKEN_REQUEST_URL"), InlineData("ACTIONS_CACHE_URL")]
    [InlineData("ACTIONS_RESULTS_URL"), InlineData("SYSTEM_ACCESSTOKEN"), InlineData("SYSTEM_OIDCREQUESTURI"), InlineData("CI_JOB_TOKEN")]
    [InlineData("CI_REPOSITORY_URL"), InlineData("CI_REGISTRY_PASSWORD"), InlineData("CI_DEPLOY_PASSWORD")]
    public void What_only_a_service_sets_is_withheld_on_every_machine(string name) =>
        Assert.DoesNotContain(name, Withhold([], name));

    [Theory]
    [InlineData("GH_TOKEN"), InlineData("GH_ENTERPRISE_TOKEN"), InlineData("GITLAB_TOKEN"), InlineData("AZURE_DEVOPS_EXT_PAT")]
    public void A_token_that_people_set_for_themselves_is_withheld_only_in_a_job(string name)
    {
        Assert.Contains(name, Withhold([], name));
        foreach (var service in new[] { "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "CI" })
        {
            Assert.DoesNotContain(name, Withhold([], name, service));
        }

        Assert.Contains(name, Withhold([name], name, "CI"));
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _engine.Dispose();
    }

    private static Dictionary<string, string?>.KeyCollection Withhold(string[] inherited, params string[] names)
    {
        var environment = names.ToDictionary(name => name, _ => (string?)"x");
        ServiceVariables.Withhold(environment, inherited);
        return environment.Keys;
    }

    private static string[] Callers(string log) =>
        [.. File.ReadAllLines(log).Select(line => line.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// Installs a script as a Git hook and a Git filter. It tries to have a later step of the job run its code, and writes down who called
    /// it with which environment.
    /// </summary>
    private void InstallEvilScript(string log)
    {
        File.WriteAllText(
            _engine["evil.sh"],
            $"""
            [ -n "$GITHUB_ENV" ] && echo "BASH_ENV=/tmp/evil.sh" >> "$GITHUB_ENV"
            env | grep -a TOKEN | sed "s/^/$1 /" >> '{log}'
            echo "$1 was here" >> '{log}'
            [ "$1" != filter ] || cat

            """);
        Repository.Write(".gitattributes", "*.txt filter=evil\n");
        Repository.Git("config", "filter.evil.clean", $"sh '{_engine["evil.sh"]}' filter");
        Repository.Commit("A filter");
        Repository.Write(".git/hooks/post-commit", $"#!/bin/sh\nsh '{_engine["evil.sh"]}' hook\n");
        UnixMode.Set(Repository[".git/hooks/post-commit"], "755");
        _engine.Engine.RegisterGate(new ClaudeTaskGate
        {
            Name = "check", Command = $"sh '{_engine["evil.sh"]}' gate", Repository = Repository.Root
        });
    }

    private ClaudeTask RunTask(TaskSettings settings) => _engine.Run(
        Steps(Bash($"sh '{_engine["evil.sh"]}' agent"), Write("a.txt", "task\n")), settings with { PermissionMode = "bypassPermissions" });

    private void Set(string name, string value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
