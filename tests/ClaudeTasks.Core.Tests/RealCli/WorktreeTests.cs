using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>The real CLI in a work tree of its own.</summary>
[Collection(RealCliGroup.Name)]
public sealed class WorktreeTests
{
    [Fact]
    public void It_works_there_and_cannot_edit_the_checkout_even_where_everything_else_is_allowed()
    {
        using var workspace = new CliWorkspace();
        workspace.Set("IS_SANDBOX", "1");
        var prompt = ApiScript.Prompt(
            "Write here and there.",
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("stray.txt"), content = "stray\n" })],
            [ApiScript.Tool("Bash", new { command = "printf 'here\\n' > here.txt", description = "Write a file" })],
            [ApiScript.Text("Done.")]);

        var task = workspace.RunInEngine(prompt, new TaskSettings { PermissionMode = "bypassPermissions" }, worktree: true);

        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        Assert.Equal("here.txt", Assert.Single(workspace.Engine.GetChanges(task.Id)).Path);
        Assert.Equal("", workspace.Git("status", "--short"));
        workspace.Engine.Approve(task.Id, null, _ => true, force: false);
        Assert.Equal("here\n", File.ReadAllText(workspace.InRepository("here.txt")));
    }
}
