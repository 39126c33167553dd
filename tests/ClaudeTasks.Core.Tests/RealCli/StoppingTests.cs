using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Ends that come from outside while the agent's shell runs a command that never ends and has left a daemon.</summary>
[Collection(RealCliGroup.Name)]
public sealed class StoppingTests
{
    [Fact]
    public async Task A_stop_from_another_process_cancels_the_task_and_leaves_no_process()
    {
        using var workspace = new CliWorkspace();
        using var run = workspace.Run(EndlessPrompt(workspace));
        var task = await UntilTheShellRunsAsync(workspace, run);

        Assert.True(workspace.Engine.RequestStop(task.Id));
        var result = await run.WaitAsync();

        AssertStopped(workspace, result);
        Assert.Contains("Stopping the agent: interrupt", result.Texts(ClaudeTaskEventKind.Process));
        Assert.DoesNotContain(result.Texts(ClaudeTaskEventKind.Process), text => text.Contains("KILL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_in_the_console_cancels_the_task_and_waits_until_it_has_ended()
    {
        using var workspace = new CliWorkspace();
        using var run = workspace.Run(EndlessPrompt(workspace));
        await UntilTheShellRunsAsync(workspace, run);

        ProcessScan.Send(run.ProcessId, ProcessScan.Interrupt);
        var result = await run.WaitAsync();

        Assert.Equal(6, result.ExitCode);
        AssertStopped(workspace, result);
    }

    [Fact]
    public async Task An_agent_that_is_killed_fails_the_task_with_what_was_missing()
    {
        using var workspace = new CliWorkspace();
        using var run = workspace.Run(EndlessPrompt(workspace));
        var task = await UntilTheShellRunsAsync(workspace, run);
        var agent = CliWorkspace.ProcessesOf(task).Single(process => process.Value.Contains("--session-id", StringComparison.Ordinal)).Key;

        ProcessScan.Send(agent, ProcessScan.Kill);
        var result = await run.WaitAsync();

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.AgentError), (result.Task.Status, result.Task.Reason));
        Assert.Contains("exit code 137 before it gave a result", result.Task.ReasonText, StringComparison.Ordinal);
        Assert.Equal(137, result.Task.ExitCode);
        AssertNothingLost(workspace, result.Task);
    }

    [Fact]
    public async Task A_worker_that_is_killed_loses_the_task_but_nothing_that_was_done()
    {
        using var workspace = new CliWorkspace();
        using var run = workspace.Run(EndlessPrompt(workspace));
        var task = await UntilTheShellRunsAsync(workspace, run);

        ProcessScan.Send(workspace.FindWorker(), ProcessScan.Kill);
        var result = await run.WaitAsync();

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost), (result.Task.Status, result.Task.Reason));
        Assert.Equal(task.Id, result.Task.Id);
        AssertNothingLost(workspace, result.Task);
    }

    [Fact]
    public async Task A_daemon_of_a_task_that_ends_well_is_ended_and_named()
    {
        using var workspace = new CliWorkspace();
        workspace.AllowAlways("Bash");
        var prompt = ApiScript.Prompt(
            "Leave a daemon.",
            [
                ApiScript.Tool(
                    "Bash",
                    new { command = "setsid sh -c 'while :; do sleep 0.3; done' >/dev/null 2>&1 & echo left", description = "Leave" })
            ],
            [ApiScript.Text("Done.")]);

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        Assert.Equal(ClaudeTaskStatus.Completed, result.Task.Status);
        Assert.Contains(result.Texts(ClaudeTaskEventKind.ToolResult), text => text.Contains("left", StringComparison.Ordinal));
        Assert.Contains(result.Texts(ClaudeTaskEventKind.Process), text => text.Contains("left running", StringComparison.Ordinal));
        Assert.Empty(CliWorkspace.ProcessesOf(result.Task));
    }

    [Fact]
    public async Task A_task_whose_api_hangs_ends_at_its_time_limit_after_a_warning()
    {
        using var workspace = new CliWorkspace();
        using var run = workspace.Run(ApiScript.Prompt("Hang.", [ApiScript.Hang]), "--timeout", "3");
        var result = await run.WaitAsync();

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.TimedOut), (result.Task.Status, result.Task.Reason));
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("3 seconds", result.Task.ReasonText, StringComparison.Ordinal);
        Assert.Contains("2.4 seconds of 3 seconds", Assert.Single(result.Texts(ClaudeTaskEventKind.Warning)), StringComparison.Ordinal);
        Assert.Single(workspace.Api.Turns);
        Assert.Empty(CliWorkspace.ProcessesOf(result.Task));
    }

    private static string EndlessPrompt(CliWorkspace workspace)
    {
        workspace.AllowAlways("Bash");

        // What is started from a subshell that has ended hangs under no process of the agent's.
        const string Loop = "while :; do sleep 0.3; done";
        var command = $"(setsid sh -c '{Loop}' >/dev/null 2>&1 &); touch '{Marker(workspace)}'; {Loop}";
        return ApiScript.Prompt(
            "Never end.",
            [ApiScript.Tool("Write", new { file_path = workspace.InRepository("begun.txt"), content = "begun\n" })],
            [ApiScript.Text("Now the shell."), ApiScript.Tool("Bash", new { command, description = "Loop" })],
            [ApiScript.Text("The shell has ended.")]);
    }

    private static string Marker(CliWorkspace workspace) => workspace.Outside("shell-runs");

    private static async Task<ClaudeTask> UntilTheShellRunsAsync(CliWorkspace workspace, FrontEnd run)
    {
        var task = await run.FindTaskAsync();
        await Poll.UntilAsync(
            () => File.Exists(Marker(workspace)) || workspace.Engine.Get(task.Id).IsSettled, "the agent's shell runs the command");
        Assert.Equal(ClaudeTaskStatus.Running, workspace.Engine.Get(task.Id).Status);
        return task;
    }

    private static void AssertStopped(CliWorkspace workspace, FrontEndResult result)
    {
        Assert.Equal((ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (result.Task.Status, result.Task.Reason));
        Assert.Equal(6, result.ExitCode);
        AssertNothingLost(workspace, result.Task);
    }

    private static void AssertNothingLost(CliWorkspace workspace, ClaudeTask task)
    {
        Assert.Empty(CliWorkspace.ProcessesOf(task));
        var events = workspace.Events(task);
        Assert.Contains(events, item => item.Kind == ClaudeTaskEventKind.Message && item.Text == "Now the shell.");
        Assert.Contains(
            events, item => item.Kind == ClaudeTaskEventKind.Process && item.Text.StartsWith("Ended ", StringComparison.Ordinal));
        Assert.Equal("begun.txt", Assert.Single(workspace.Engine.GetChanges(task.Id)).Path);
        Assert.Equal("begun\n", File.ReadAllText(workspace.InRepository("begun.txt")));
    }
}
