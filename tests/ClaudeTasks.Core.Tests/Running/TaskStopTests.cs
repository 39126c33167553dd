using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Limits and stops: a stop always ends, and leaves nothing running.</summary>
public sealed class TaskStopTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public void A_task_over_its_limit_is_warned_about_and_stopped()
    {
        var task = _engine.Run(
            Steps(Write("half.txt", "half\n"), """{"hang":true}"""), new TaskSettings { Timeout = TimeSpan.FromSeconds(2) });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.TimedOut), (task.Status, task.Reason));
        Assert.Equal(["1.6 seconds of 2 seconds used. The task stops at the limit."], _engine.Texts(task.Id, ClaudeTaskEventKind.Warning));
        Assert.Equal("half.txt", Assert.Single(_engine.Engine.GetChanges(task.Id)).Path);
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Fact]
    public void An_agent_that_falls_silent_is_stopped()
    {
        var task = _engine.Run(Steps(Says("hm"), """{"hang":true}"""), new TaskSettings { StallTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.Stalled), (task.Status, task.Reason));
        Assert.Contains("printed nothing for 2 seconds", task.ReasonText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"noResult":true,"steps":[]}""")]
    [InlineData("""{"noIdle":true,"steps":[]}""")]
    public void An_agent_that_never_says_that_it_is_done_is_no_success(string scenario)
    {
        var task = _engine.Run(Scenario(scenario), new TaskSettings { StallTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.Stalled), (task.Status, task.Reason));
    }

    [Fact]
    public void A_stop_on_request_interrupts_the_agent_and_keeps_its_changes()
    {
        var task = StartAndReach(
            Scenario($$"""{"steps":[{{Write("half.txt", "half\n")}},{{Step("signalFile", _engine["reached"])}},{"hang":true}]}"""));

        Assert.True(_engine.Engine.RequestStop(task.Id));
        task = _engine.Settled(task.Id);

        Assert.Equal((ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (task.Status, task.Reason));
        Assert.Contains("Stopping the agent: interrupt", _engine.Texts(task.Id, ClaudeTaskEventKind.Process));
        Assert.Equal(1, task.FilesChanged);
        Assert.True(File.Exists(_engine.Repository["half.txt"]));
        Assert.False(_engine.HoldsLease(task.Id));
        Assert.False(_engine.Engine.RequestStop(task.Id));
    }

    [Fact]
    public void An_agent_that_ignores_everything_is_killed_with_all_it_started()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals, and cookies in /proc.");
        var task = StartAndReach(Scenario($$$"""
            {"ignore":["interrupt","eof","term"],"steps":[
             {"spawn":{"command":"trap '' TERM; while :; do sleep 1; done","setsid":true} },
             {"spawn":{"command":"sleep 1000","inheritStdio":true} },
             {{{Step("signalFile", _engine["reached"])}}},
             {"tool":"Bash","ask":false,"input":{"command":"trap '' TERM; while :; do sleep 1; done"} }]}
            """));
        Assert.True(Bearers(task).Count >= 4);

        _engine.Engine.RequestStop(task.Id);
        task = _engine.Settled(task.Id);

        Assert.Equal(ClaudeTaskStatus.Cancelled, task.Status);
        Assert.Empty(Bearers(task));
        Assert.Equal(137, task.ExitCode);
        Assert.Equal(
            ["interrupt", "end of input", "request to end (TERM)", "end by force (KILL)"],
            _engine.Texts(task.Id, ClaudeTaskEventKind.Process)
                .Where(text => text.StartsWith("Stopping", StringComparison.Ordinal))
                .Select(text => text.Split(": ")[1]));
    }

    [Fact]
    public void What_a_good_run_leaves_running_is_ended_too_and_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Cookies in /proc.");
        var task = _engine.Run(
            Steps("""{"spawn":{"command":"sleep 1000","setsid":true} }""", """{"spawn":{"command":"sleep 1001","inheritStdio":true} }"""));

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.Empty(Bearers(task));
        Assert.Contains(_engine.Texts(task.Id, ClaudeTaskEventKind.Process), text => text.Contains("sleep 1000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stop_while_the_agent_starts_ends_the_task()
    {
        var task = _engine.Start("Do it", _engine.WithScenario("""{"initialize":"ignore"}"""));
        Until.True(() => _engine.Texts(task.Id, ClaudeTaskEventKind.Process).Count > 0, "the agent was started");

        _engine.Engine.RequestStop(task.Id);

        Assert.Equal(
            (ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (_engine.Settled(task.Id).Status, _engine.Settled(task.Id).Reason));
    }

    [Fact]
    public void A_task_at_work_cannot_be_removed_and_one_that_ended_takes_everything_with_it()
    {
        var task = StartAndReach(Steps(Write("a.txt", "a\n"), Pause(_engine["reached"], _engine["go on"])));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Remove(task.Id)).ErrorId);
        File.WriteAllText(_engine["go on"], "");
        _engine.Settled(task.Id);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(_engine.Home, "objects")));

        _engine.Engine.Remove(task.Id);

        Assert.Equal(ClaudeTaskErrorId.TaskNotFound, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Get(task.Id)).ErrorId);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_engine.Home, "objects")));
        foreach (var table in new[] { "events", "changes", "diffs", "leases" })
        {
            Assert.Equal(0L, StoreFixture.Scalar(_engine.Engine.Store.Path, $"SELECT count(*) FROM {table}"));
        }
    }

    public void Dispose() => _engine.Dispose();

    private ClaudeTask StartAndReach(string prompt)
    {
        var task = _engine.Start(prompt);
        Until.True(() => File.Exists(_engine["reached"]), "the agent came this far");
        return _engine.Engine.Get(task.Id);
    }

    private static IReadOnlyList<ProcessTree.Member> Bearers(ClaudeTask task)
    {
        using var tree = ProcessTree.Create(task.TaskId);
        return tree.FindMembers();
    }
}
