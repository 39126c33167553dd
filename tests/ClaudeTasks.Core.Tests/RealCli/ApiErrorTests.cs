using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Runs that the model's service refuses.</summary>
[Collection(RealCliGroup.Name)]
public sealed class ApiErrorTests
{
    [Theory]
    [InlineData(529, "The stand-in is overloaded today")]
    [InlineData(400, "The stand-in dislikes this request")]
    [InlineData(401, "The stand-in does not know this key")]
    public async Task An_error_of_the_api_fails_the_task_with_its_status(int status, string message)
    {
        using var workspace = new CliWorkspace();
        workspace.Set("CLAUDE_CODE_MAX_RETRIES", "0");

        using var run = workspace.Run(ApiScript.Prompt("Try.", [ApiScript.Fault(status, message)]));
        var result = await run.WaitAsync();

        var task = result.Task;
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.ApiError), (task.Status, task.Reason));
        Assert.Equal(3, result.ExitCode);
        Assert.Contains(task.Result!, task.ReasonText, StringComparison.Ordinal);
        Assert.Contains($"HTTP {status}", task.ReasonText, StringComparison.Ordinal);
        Assert.Equal(1, task.ExitCode);
        Assert.Equal(0, task.FilesChanged);
        Assert.NotEmpty(result.Texts(ClaudeTaskEventKind.Error));
    }

    [Fact]
    public async Task The_text_of_a_refused_request_is_the_reason_that_is_shown()
    {
        using var workspace = new CliWorkspace();

        using var run = workspace.Run(ApiScript.Prompt("Try.", [ApiScript.Fault(400, "prompt holds a forbidden word")]));
        var result = await run.WaitAsync();

        Assert.Contains("prompt holds a forbidden word", result.Task.ReasonText, StringComparison.Ordinal);
        Assert.Equal("API Error: 400 prompt holds a forbidden word", result.Task.Result);
        Assert.Empty(result.Texts(ClaudeTaskEventKind.Warning));
    }

    [Fact]
    public async Task What_was_changed_before_an_error_is_kept_as_the_diff()
    {
        using var workspace = new CliWorkspace();
        var prompt = ApiScript.Prompt(
            "Write, then fail.",
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("half.txt"), content = "half\n" })],
            [ApiScript.Fault(400, "no more")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.ApiError), (result.Task.Status, result.Task.Reason));
        Assert.Equal("half.txt", Assert.Single(workspace.Engine.GetChanges(result.Task.Id)).Path);
        Assert.True(result.Task.CostUsd > 0);
    }
}
