using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Tools that need somebody's permission while nobody is there.</summary>
[Collection(RealCliGroup.Name)]
public sealed class DeniedToolTests
{
    [Fact]
    public async Task A_command_that_asks_is_denied_and_shown_beside_the_success()
    {
        using var workspace = new CliWorkspace();
        var prompt = ApiScript.Prompt(
            "Run something.",
            [ApiScript.Tool("Bash", new { command = "python3 -c 'open(\"made.txt\", \"w\")'", description = "Make a file" })],
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("b.txt"), content = "b\n" })],
            [ApiScript.Text("The command was denied.")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        Assert.Equal((ClaudeTaskStatus.WaitingApproval, ClaudeTaskReason.None), (result.Task.Status, result.Task.Reason));
        Assert.Equal(["Bash"], result.Task.DeniedTools);
        Assert.Equal("b.txt", Assert.Single(workspace.Engine.GetChanges(result.Task.Id)).Path);
        var permissions = result.Texts(ClaudeTaskEventKind.Permission);
        Assert.Equal(2, permissions.Count);
        Assert.StartsWith("Asks: Running: python3 -c", permissions[0], StringComparison.Ordinal);
        Assert.StartsWith("Denied", permissions[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_outside_the_repository_is_not_written()
    {
        using var workspace = new CliWorkspace();
        var outside = workspace.Outside("stray.txt");
        var prompt = ApiScript.Prompt(
            "Write elsewhere.", [ApiScript.Tool("Write", new { file_path = outside, content = "stray\n" })], [ApiScript.Text("Denied.")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        Assert.Equal(ClaudeTaskStatus.Completed, result.Task.Status);
        Assert.Equal(["Write"], result.Task.DeniedTools);
        Assert.False(File.Exists(outside));
    }

    [Fact]
    public async Task A_question_to_the_user_does_not_hold_the_run_up()
    {
        using var workspace = new CliWorkspace();
        var question = new
        {
            question = "Which colour?",
            header = "Colour",
            multiSelect = false,
            options = new[] { new { label = "Blue", description = "b" }, new { label = "Red", description = "r" } },
        };
        var prompt = ApiScript.Prompt(
            "Ask.", [ApiScript.Tool("AskUserQuestion", new { questions = new[] { question } })], [ApiScript.Text("Nobody answered.")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        Assert.Equal(ClaudeTaskStatus.Completed, result.Task.Status);
        Assert.Equal(["AskUserQuestion"], result.Task.DeniedTools);
        Assert.Equal("Nobody answered.", result.Task.Result);
    }
}
