using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>The real CLI mends what a gate found, in the conversation that made it.</summary>
[Collection(RealCliGroup.Name)]
public sealed class RepairTests
{
    [Fact]
    public void What_a_gate_found_is_mended_in_the_same_conversation_and_committed()
    {
        using var workspace = new CliWorkspace();
        workspace.Engine.RegisterGate(new ClaudeTaskGate
        {
            Name = "spelling",
            Command = "! grep -n teh *.md",
            Repository = workspace.Repository,
            Timeout = TimeSpan.FromMinutes(1)
        });
        var file = workspace.InRepository("note.md");
        var prompt = ApiScript.Prompt(
            "Write a note.",
            [ApiScript.Tool("Bash", new { command = "git status --short", description = "Look" })],
            [ApiScript.Tool("Write", new { file_path = file, content = "teh note\n" })],
            [ApiScript.Text("Written.")],
            [ApiScript.Tool("Read", new { file_path = file })],
            [ApiScript.Tool("Edit", new { file_path = file, old_string = "teh", new_string = "the" })],
            [ApiScript.Text("Mended.")]);

        var task = workspace.RunInEngine(
            prompt,
            new TaskSettings { AllowedTool = ["Bash"], RepairAttempt = 1, AutoApprove = true });

        Assert.True(task.Status == ClaudeTaskStatus.Completed, task.ReasonText);
        Assert.Equal((1, "Mended."), (task.Repairs, task.Result));
        // The CLI counts on over a resume; each request used as much.
        Assert.Equal(workspace.Api.Turns.Count * ApiReply.InputTokens, task.InputTokens);
        Assert.Equal([(1, false), (2, true)], workspace.Engine.GetGateResults(task.Id).Select(result => (result.Attempt, result.Passed)));
        Assert.Equal("the note", workspace.Git("show", "HEAD:note.md").TrimEnd());
        Assert.Contains("Claude-Task: " + task.TaskId, workspace.Git("log", "-1", "--format=%B"), StringComparison.Ordinal);
        var repair = Assert.Single(
            MessagesApi.UserTexts(workspace.Api.Turns[^1]), text => text.Contains("did not pass", StringComparison.Ordinal));
        Assert.Contains("teh note", repair, StringComparison.Ordinal);
        Assert.Contains(MessagesApi.UserTexts(workspace.Api.Turns[^1]), text => text.StartsWith("Write a note.", StringComparison.Ordinal));
    }
}
