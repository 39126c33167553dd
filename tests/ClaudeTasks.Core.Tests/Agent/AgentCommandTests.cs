using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Tests;

public class AgentCommandTests
{
    public static TheoryData<string> RefusedFlags =>
    [
        "-p", "--print", "--input-format", "--output-format", "--permission-prompt-tool",
        "--session-id", "--resume", "-r", "--continue", "-c",
        "--fork-session", "--worktree", "-w", "--bg", "--tmux", "--version", "-v", "--help", "-h", "--", "--model", "--permission-mode",
        "--allowedTools", "--allowed-tools", "--disallowedTools", "--disallowed-tools", "--append-system-prompt",
        "--append-system-prompt-file",
    ];

    public static TheoryData<string> RefusedLongFlags => [.. RefusedFlags.Select(row => row.Data).Where(flag => flag.Length > 2)];

    [Theory]
    [MemberData(nameof(RefusedFlags))]
    public void A_flag_that_breaks_the_protocol_is_refused_by_name(string flag)
    {
        var error = Assert.Throws<ClaudeTaskException>(() => AgentCommand.CheckArguments(["--add-dir=/x", flag]));

        Assert.Equal(ClaudeTaskErrorId.AgentArgumentRefused, error.ErrorId);
        Assert.Contains($"'{flag}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RefusedLongFlags))]
    public void It_is_refused_with_a_value_behind_an_equals_sign_too(string flag)
    {
        var error = Assert.Throws<ClaudeTaskException>(() => AgentCommand.CheckArguments([flag + "=value"]));

        Assert.Equal(ClaudeTaskErrorId.AgentArgumentRefused, error.ErrorId);
        Assert.Contains($"'{flag}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-rabc", "-r")]
    [InlineData("-wname", "-w")]
    public void A_short_flag_is_refused_with_its_value_attached(string argument, string flag)
    {
        var error = Assert.Throws<ClaudeTaskException>(() => AgentCommand.CheckArguments([argument]));

        Assert.Contains($"'{flag}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--add-dir=/x")]
    [InlineData("--max-turns=3")]
    [InlineData("--modeling")]
    [InlineData("--max-turns")]
    [InlineData("value with -p inside")]
    [InlineData("--mcp-config={\"--print\":1}")]
    public void Any_other_flag_may_pass(string argument)
    {
        AgentCommand.CheckArguments([argument]);

        Assert.Contains(argument, Build(new TaskSettings { AgentArgument = [argument] }).ArgumentList);
    }

    [Fact]
    public void An_argument_with_a_NUL_is_refused()
    {
        var error = Assert.Throws<ClaudeTaskException>(() => AgentCommand.CheckArguments(["--add-dir=/x\0y"]));

        Assert.Equal(ClaudeTaskErrorId.InvalidArgument, error.ErrorId);
    }

    [Fact]
    public void Every_setting_becomes_one_argument()
    {
        var arguments = Build(new TaskSettings
        {
            Model = "-x y",
            PermissionMode = "plan",
            AllowedTool = ["Bash(git *)", "Edit"],
            DisallowedTool = ["WebFetch"],
        }).ArgumentList;

        Assert.Contains("--model=-x y", arguments);
        Assert.Contains("--permission-mode=plan", arguments);
        Assert.Contains("--allowedTools=Bash(git *),Edit", arguments);
        var disallowed = Assert.Single(arguments, argument => argument.StartsWith("--disallowedTools=", StringComparison.Ordinal));
        Assert.EndsWith(",WebFetch", disallowed, StringComparison.Ordinal);
        foreach (var tool in new[] { "CronCreate", "ScheduleWakeup", "EnterWorktree", "ExitWorktree" })
        {
            Assert.Contains(tool, disallowed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_a_Claude_session_leaks_is_taken_from_the_environment_and_the_rest_stays()
    {
        string[] leaks = ["CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_ENTRYPOINT", "ANTHROPIC_LOG"];
        string[] kept = ["CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_BEDROCK", "ANTHROPIC_BASE_URL"];
        var before = leaks.Concat(kept).Append("NODE_OPTIONS").ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            foreach (var name in leaks.Concat(kept))
            {
                Environment.SetEnvironmentVariable(name, "set");
            }

            Environment.SetEnvironmentVariable("NODE_OPTIONS", "--max-old-space-size=100 --inspect-brk=9229 --require=./x.js");
            var task = Guid.NewGuid();
            var environment = Build(new TaskSettings(), task).Environment;

            Assert.DoesNotContain(leaks, environment.ContainsKey);
            Assert.All(kept, name => Assert.Equal("set", environment[name]));
            Assert.Equal("--max-old-space-size=100 --require=./x.js", environment["NODE_OPTIONS"]);
            Assert.Equal(task.ToString(), environment[ProcessTree.CookieVariable]);
            Assert.Equal("1", environment["CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS"]);
        }
        finally
        {
            foreach (var (name, value) in before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    private static System.Diagnostics.ProcessStartInfo Build(TaskSettings settings, Guid? task = null) =>
        AgentCommand.Build(new AgentStart("claude", settings, "/repository", task ?? Guid.NewGuid(), Guid.NewGuid()));
}
