using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>The checks before a run, with a login and without.</summary>
[Collection(RealCliGroup.Name)]
public sealed class LoginTests
{
    [Fact]
    public async Task Without_a_login_the_task_fails_before_anything_is_asked_of_the_model()
    {
        using var workspace = new CliWorkspace();
        workspace.LogOut();

        using var run = workspace.Run("Do it.");
        var result = await run.WaitAsync();

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed), (result.Task.Status, result.Task.Reason));
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("not logged in", result.Task.ReasonText, StringComparison.Ordinal);
        Assert.Contains("Log in:", result.Task.ReasonText, StringComparison.Ordinal);
        Assert.Empty(workspace.Api.Requests);
        Assert.Null(result.Task.CostUsd);
    }

    [Fact]
    public async Task Every_prerequisite_passes_where_all_is_well()
    {
        using var workspace = new CliWorkspace();

        var checks = await Prerequisites.CheckAsync(workspace.Repository, workspace.Claude, default);

        Assert.Equal(
            ["Git", "Repository", "NoOperation", "CleanTree", "RepositorySettings", "ClaudeCode", "Login"],
            checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.True(check.Passed, check.Detail));
        Assert.All(checks, check => Assert.Null(check.Fix));
        Assert.Empty(workspace.Api.Requests);
        Assert.Empty(workspace.Git("status", "--porcelain", "--ignored"));
    }

    [Fact]
    public async Task The_login_check_says_how_to_log_in()
    {
        using var workspace = new CliWorkspace();
        workspace.LogOut();

        var checks = await Prerequisites.CheckAsync(workspace.Repository, workspace.Claude, default);

        var login = Assert.Single(checks, check => !check.Passed);
        Assert.Equal("Login", login.Name);
        Assert.Contains("/login", login.Fix, StringComparison.Ordinal);
        Assert.Empty(workspace.Api.Requests);
    }
}
