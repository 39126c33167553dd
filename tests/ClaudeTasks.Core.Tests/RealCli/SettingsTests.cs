using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>A task's settings, as the real CLI takes them.</summary>
[Collection(RealCliGroup.Name)]
public sealed class SettingsTests
{
    [Fact]
    public void An_allowed_command_runs_without_asking()
    {
        using var workspace = new CliWorkspace();
        var prompt = ApiScript.Prompt(
            "Count.",
            [ApiScript.Tool("Bash", new { command = "python3 -c 'print(6 * 7)'", description = "Count" })],
            [ApiScript.Text("Done.")]);

        var task = workspace.RunInEngine(prompt, new TaskSettings { AllowedTool = ["Bash(python3 *)", "WebSearch"] });

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.Empty(task.DeniedTools);
        var events = workspace.Events(task);
        Assert.DoesNotContain(events, item => item.Kind == ClaudeTaskEventKind.Permission);
        Assert.Equal("42", Assert.Single(events, item => item.Kind == ClaudeTaskEventKind.ToolResult).Text);
    }

    [Fact]
    public void Tools_that_do_not_fit_a_supervised_task_are_not_offered_to_the_model()
    {
        using var workspace = new CliWorkspace();

        workspace.RunInEngine("Hello.", new TaskSettings { DisallowedTool = ["WebFetch", "WebSearch"] });

        var offered = Assert.Single(workspace.Api.Turns)["tools"]!.AsArray().Select(tool => (string)tool!["name"]!).ToHashSet();
        Assert.Superset(new HashSet<string> { "Bash", "Edit", "Read", "Write" }, offered);
        Assert.Empty(offered.Intersect(
            ["CronCreate", "ScheduleWakeup", "EnterWorktree", "ExitWorktree", "SendMessage", "ListAgents", "WebFetch", "WebSearch"]));
    }

    [Fact]
    public void Appended_instructions_reach_the_model_in_every_turn()
    {
        using var workspace = new CliWorkspace();

        const string Instructions = "--Always rhyme. \"Ünd\"\nsmile.";
        var settings = new TaskSettings { AppendSystemPrompt = Instructions };

        var first = workspace.RunInEngine("Hello.", settings);
        workspace.RunInEngine("Hello again.", settings, continues: first.Id);

        Assert.Equal(2, workspace.Api.Turns.Count);
        Assert.All(workspace.Api.Turns, turn =>
        {
            var system = string.Concat(turn["system"]!.AsArray().Select(block => (string)block!["text"]!));
            Assert.Contains(Instructions, system, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_further_flag_of_the_agent_takes_effect()
    {
        using var workspace = new CliWorkspace();
        var prompt = ApiScript.Prompt(
            "Write.",
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("a.txt"), content = "a\n" })],
            [ApiScript.Text("Done.")]);

        var task = workspace.RunInEngine(prompt, new TaskSettings { AgentArgument = ["--max-turns=1"] });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.AgentError), (task.Status, task.Reason));
        Assert.Contains("maximum number of turns", task.ReasonText, StringComparison.Ordinal);
        Assert.Equal(1, task.FilesChanged);
    }

    [Fact]
    public void A_flag_the_agent_does_not_know_fails_the_task_with_what_it_said()
    {
        using var workspace = new CliWorkspace();

        var task = workspace.RunInEngine("Hello.", new TaskSettings { AgentArgument = ["--no-such-flag"] });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.StartFailed), (task.Status, task.Reason));
        Assert.Contains("--no-such-flag", task.ReasonText, StringComparison.Ordinal);
        Assert.Empty(workspace.Api.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_repository_makes_the_agent_run_is_told_and_left_out_of_an_isolated_task(bool isolated)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a command line of a Unix shell.");
        using var workspace = new CliWorkspace();
        var (hook, server) = (workspace.Outside("hook-ran"), workspace.Outside("server-ran"));
        Directory.CreateDirectory(workspace.InRepository(".claude"));
        File.WriteAllText(
            workspace.InRepository(".claude/settings.json"),
            $$"""{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"touch {{hook}}"}]}]} }""");
        File.WriteAllText(
            workspace.InRepository(".mcp.json"), $$"""{"mcpServers":{"local":{"command":"touch","args":["{{server}}"]} } }""");
        workspace.Git("add", ".");
        workspace.Git("commit", "--quiet", "--message=Hooks");

        var task = workspace.RunInEngine("Hello.", new TaskSettings { Isolated = isolated });

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.Equal((!isolated, !isolated), (File.Exists(hook), File.Exists(server)));
        var told = workspace.Events(task)
            .Where(item => item.Kind == ClaudeTaskEventKind.Warning && item.Text!.Contains("Without asking", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(isolated ? 0 : 1, told.Count);
        Assert.All(told, item => Assert.Matches("hook on SessionStart \\(touch .*MCP server 'local' \\(touch\\)", item.Text));
    }

    [Fact]
    public void A_task_inside_the_calling_process_is_the_same()
    {
        using var workspace = new CliWorkspace();
        var prompt = ApiScript.Prompt(
            "Write.",
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("a.txt"), content = "a\n" })],
            [ApiScript.Text("Done.")]);

        var task = workspace.RunInEngine(prompt, new TaskSettings(), new WorkerHost.InProcess());

        Assert.Equal((ClaudeTaskStatus.WaitingApproval, "Done."), (task.Status, task.Result));
        Assert.Equal("a.txt", Assert.Single(workspace.Engine.GetChanges(task.Id)).Path);
    }
}
