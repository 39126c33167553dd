using System.Text.Json;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Tasks that do their work.</summary>
[Collection(RealCliGroup.Name)]
public sealed class WorkingTaskTests
{
    private const string PatchOfGreeting = """
        diff --git a/src/greeting.txt b/src/greeting.txt
        new file mode 100644
        index 0000000000000000000000000000000000000000..94954abda49de8615a048f8d2e64b5de848e27a1
        --- /dev/null
        +++ b/src/greeting.txt
        @@ -0,0 +1,2 @@
        +hello
        +world

        """;

    [Fact]
    public async Task A_task_that_reads_writes_and_runs_waits_for_approval_with_its_exact_diff()
    {
        using var workspace = new CliWorkspace();
        var prompt = ApiScript.Prompt(
            "Greet the user.",
            [ApiScript.Text("I will look first."), ApiScript.Tool("Read", new { file_path = workspace.InRepository("README.md") })],
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("src/greeting.txt"), content = "hello\nworld\n" })],
            [ApiScript.Tool("Bash", new { command = "git status", description = "Look" })],
            [ApiScript.Text("All is done.")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        var task = result.Task;
        Assert.Equal((ClaudeTaskStatus.WaitingApproval, ClaudeTaskReason.None), (task.Status, task.Reason));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("All is done.", task.Result);
        var change = Assert.Single(workspace.Engine.GetChanges(task.Id));
        Assert.Equal(
            ("src/greeting.txt", ClaudeTaskChangeKind.Added, 2, 0), (change.Path, change.Kind, change.Additions, change.Deletions));
        Assert.Equal(PatchOfGreeting, change.Patch);
        Assert.Equal(1, task.FilesChanged);
        Assert.Equal(workspace.Git("rev-parse", "HEAD").Trim(), task.StartingCommit);
        Assert.Equal("main", task.StartingBranch);
    }

    [Fact]
    public async Task What_the_agent_does_is_told_in_words_as_it_does_it()
    {
        using var workspace = new CliWorkspace();
        var readme = workspace.InRepository("README.md");
        var prompt = ApiScript.Prompt(
            "Shout.",
            [ApiScript.Text("Reading it."), ApiScript.Tool("Read", new { file_path = readme })],
            [ApiScript.Tool("Edit", new { file_path = readme, old_string = "own text", new_string = "OWN TEXT" })],
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("new.txt"), content = "new\n" })],
            [ApiScript.Tool("Bash", new { command = "git status", description = "Look" })],
            [ApiScript.Text("Done.")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        Assert.Equal(
            ["Reading: README.md", "Editing: README.md", "Writing: new.txt", "Running: git status"],
            result.Texts(ClaudeTaskEventKind.ToolUse));
        Assert.Equal(["Reading it.", "Done."], result.Texts(ClaudeTaskEventKind.Message));
        Assert.Equal(4, result.Texts(ClaudeTaskEventKind.ToolResult).Count);
        Assert.Empty(result.Texts(ClaudeTaskEventKind.Unknown));
        Assert.Empty(result.Texts(ClaudeTaskEventKind.Warning));
        Assert.Empty(result.Texts(ClaudeTaskEventKind.StandardError));
    }

    [Fact]
    public async Task Cost_tokens_turns_model_and_conversation_are_those_the_agent_reported()
    {
        using var workspace = new CliWorkspace();
        var prompt = ApiScript.Prompt(
            "Write.",
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("a.txt"), content = "a\n" })],
            [ApiScript.Text("Done.")]);

        using var run = workspace.Run(prompt, "--model", "claude-sonnet-4-5");
        var result = await run.WaitAsync();

        var task = result.Task;
        var raw = workspace.Events(task).Single(item => item.Kind == ClaudeTaskEventKind.Result).Raw!;
        var account = JsonSerializer.Deserialize<JsonElement>(raw);
        Assert.Equal(account.GetProperty("total_cost_usd").GetDecimal(), task.CostUsd);
        Assert.True(task.CostUsd > 0);
        Assert.Equal(2 * ApiReply.InputTokens, task.InputTokens);
        Assert.Equal(2 * ApiReply.OutputTokens, task.OutputTokens);
        Assert.Equal(2, task.Turns);
        Assert.Equal(0, task.ExitCode);
        Assert.Equal("claude-sonnet-4-5", task.Model);
        Assert.All(workspace.Api.Turns, request => Assert.Equal("claude-sonnet-4-5", (string?)request["model"]));
        Assert.Equal(account.GetProperty("session_id").GetGuid(), task.ConversationId);
    }

    [Fact]
    public async Task Every_line_of_the_agent_is_kept_whole_and_printed_as_it_was_stored()
    {
        using var workspace = new CliWorkspace();
        var content = string.Concat(Enumerable.Repeat("Zeile mit Ünïcödé und \u2028 darin\n", 20_000));
        var prompt = ApiScript.Prompt(
            "Write much.",
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("big.txt"), content })],
            [ApiScript.Text("Done.")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        var stored = workspace.Events(result.Task);
        Assert.Equal(stored.Select(item => item.Raw), result.Events.Select(item => item.GetProperty("Raw").GetString()));
        Assert.Equal(Enumerable.Range(1, stored.Count), stored.Select(item => item.Seq));
        var call = stored.Single(item => item.Kind == ClaudeTaskEventKind.ToolUse).Raw!;
        var input = JsonSerializer.Deserialize<JsonElement>(call).GetProperty("message").GetProperty("content")[0].GetProperty("input");
        Assert.Equal(content, input.GetProperty("content").GetString());
        Assert.Equal(content, await File.ReadAllTextAsync(workspace.InRepository("big.txt")));
        Assert.Equal(20_000, result.Task.Additions);
    }

    [Fact]
    public async Task A_task_that_changes_nothing_is_completed_with_zero_files()
    {
        using var workspace = new CliWorkspace();

        using var run = workspace.Run(ApiScript.Prompt("Just say it.", [ApiScript.Text("There is nothing to do.")]));
        var result = await run.WaitAsync();

        Assert.Equal((ClaudeTaskStatus.Completed, ClaudeTaskReason.None), (result.Task.Status, result.Task.Reason));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(0, result.Task.FilesChanged);
        Assert.Empty(workspace.Engine.GetChanges(result.Task.Id));
        Assert.Equal("There is nothing to do.", result.Task.Result);
    }
}
