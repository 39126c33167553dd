using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Pauses, stops and messages that come at an awkward moment: none is lost, and none does harm.</summary>
public sealed class PauseRaceTests : IDisposable
{
    private const string Overload =
        """ "result":{"is_error":true,"terminal_reason":"api_error","api_error_status":529,"result":"Overloaded"},"exitCode":1 """;

    private readonly GateFixture _gates = new();

    private EngineFixture Fixture => _gates.Fixture;

    [Fact]
    public void A_stop_that_comes_while_the_agent_is_being_paused_ends_the_task_as_stopped()
    {
        var task = Started("""{"ignore":["interrupt"],"steps":[REACHED,{"hang":true}]}""");
        Fixture.Engine.Suspend(task.Id);
        Until.True(
            () => Fixture.Texts(task.Id, ClaudeTaskEventKind.Process).Exists(text => text.EndsWith("interrupt", StringComparison.Ordinal)),
            "it is being paused");
        Assert.True(Fixture.Engine.RequestStop(task.Id));

        var ended = Fixture.Settled(task.Id);
        Assert.Equal(
            (ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped, "Stopped on request."), (ended.Status, ended.Reason, ended.ReasonText));
        Assert.False(Fixture.HoldsLease(task.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_that_comes_as_an_attempt_fails_is_not_lost_over_the_next_one(bool suspends)
    {
        var task = Started(
            $$"""{"steps":[REACHED,GO_ON],{{Overload}},"resumed":{"steps":[{{Write("done", "")}}]} }""",
            new TaskSettings { Retry = 1, RetryDelay = TimeSpan.FromSeconds(1) });
        RequestBehindItsBack(task, suspends);
        File.WriteAllText(Fixture["go on"], "");

        var settled = Fixture.Settled(task.Id);
        if (!suspends)
        {
            Assert.Equal((ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped, 1), (settled.Status, settled.Reason, settled.Attempts));
            return;
        }

        Assert.Equal((true, ClaudeTaskReason.Suspended, 1), (settled.IsSuspended, settled.Reason, settled.Attempts));
        Fixture.Engine.Resume(task.Id, new WorkerHost.InProcess());
        Assert.Equal((ClaudeTaskStatus.WaitingApproval, 2), (Fixture.Settled(task.Id).Status, Fixture.Engine.Get(task.Id).Attempts));
    }

    [Theory]
    [InlineData(true, ClaudeTaskStatus.WaitingApproval)]
    [InlineData(false, ClaudeTaskStatus.Cancelled)]
    public void A_request_that_comes_when_the_agent_is_done_already(bool suspends, ClaudeTaskStatus status)
    {
        var task = Started($$"""{"steps":[REACHED,GO_ON,{{Write("a", "")}}]}""");
        RequestBehindItsBack(task, suspends);
        File.WriteAllText(Fixture["go on"], "");

        Assert.Equal(status, Fixture.Settled(task.Id).Status);
        Assert.False(Fixture.Engine.Get(task.Id).IsSuspended);
        Assert.Equal(status == ClaudeTaskStatus.WaitingApproval, Fixture.HoldsLease(task.Id));
    }

    [Fact]
    public async Task Of_two_who_resume_at_once_one_does_and_the_other_is_told()
    {
        var task = Started("""{"steps":[REACHED,{"hang":true}]}""");
        Fixture.Engine.Suspend(task.Id);
        Fixture.Settled(task.Id);

        using var other = Fixture.OpenEngine();
        using var start = new Barrier(2);
        var resumed = await Task.WhenAll(new[] { Fixture.Engine, other }.Select(engine => Task.Run(() =>
        {
            start.SignalAndWait();
            return Record.Exception(() => engine.Resume(task.Id, new WorkerHost.InProcess()));
        })));
        var refused = Assert.IsType<ClaudeTaskException>(Assert.Single(resumed, exception => exception is not null));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, refused.ErrorId);

        Assert.True(Fixture.Engine.RequestStop(task.Id));
        Assert.Equal(ClaudeTaskStatus.Cancelled, Fixture.Settled(task.Id).Status);

        // The worker may be the other engine's, which must not go before it.
        Fixture.AwaitWorkers();
    }

    [Fact]
    public void A_pause_does_nothing_to_gates_and_an_end_does()
    {
        _gates.Register("slow", $"touch '{Fixture["gate"]}'; until test -e '{Fixture["gate may end"]}'; do sleep 0.05; done");
        var (paused, stopped) = (Fixture.Start(_gates.Request()), Fixture.Start(_gates.Request()));
        Until.True(() => File.Exists(Fixture["gate"]), "its gate runs");
        Assert.Equal(
            ClaudeTaskErrorId.TaskStateConflict, Assert.Throws<ClaudeTaskException>(() => Fixture.Engine.Suspend(paused.Id)).ErrorId);
        Request(paused.Id, suspends: true);
        Thread.Sleep(1500);
        Assert.Equal(ClaudeTaskStatus.QaRunning, Fixture.Engine.Get(paused.Id).Status);
        File.WriteAllText(Fixture["gate may end"], "");
        Assert.Equal(
            (ClaudeTaskStatus.WaitingApproval, true), (Fixture.Settled(paused.Id).Status, Assert.Single(_gates.Results(paused)).Passed));

        Fixture.Engine.Reject(paused.Id, null, _ => true);
        File.Delete(Fixture["gate may end"]);
        Until.True(() => Fixture.Engine.Get(stopped.Id).Status == ClaudeTaskStatus.QaRunning, "the other's gate runs");
        Request(stopped.Id, suspends: true);
        Thread.Sleep(500);
        Fixture.Engine.RequestStop(stopped.Id);
        Assert.Equal(
            (ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped),
            (Fixture.Settled(stopped.Id).Status, Fixture.Engine.Get(stopped.Id).Reason));
    }

    [Fact]
    public void A_pause_during_the_start_of_the_agent_keeps_what_a_person_changes_meanwhile_apart()
    {
        var settings = Fixture.WithScenario("""{"initialize":"ignore"}""");
        var task = Fixture.Start(_gates.Fixture.Request("Do it", settings));
        Until.True(
            () => Fixture.Texts(task.Id, ClaudeTaskEventKind.Process).Exists(text => text.StartsWith("Started", StringComparison.Ordinal)),
            "its agent starts");
        Fixture.Engine.Suspend(task.Id);
        Assert.Equal((true, null), (Fixture.Settled(task.Id).IsSuspended, Fixture.Engine.Get(task.Id).FilesChanged));
        File.WriteAllText(_gates.Repository["mine"], "a person's own\n");
        File.WriteAllText(settings.AgentArgument![0]["--scenario=".Length..], $$"""{"steps":[{"echoPrompt":1},{{Write("its", "")}}]}""");
        Fixture.Engine.Resume(task.Id, new WorkerHost.InProcess());

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Fixture.Settled(task.Id).Status);
        Assert.Equal("its", Assert.Single(Fixture.Engine.GetChanges(task.Id)).Path);
        Assert.Equal("Do it", Assert.Single(Fixture.Texts(task.Id, ClaudeTaskEventKind.Message)));
    }

    [Fact]
    public void What_a_person_commits_during_a_pause_is_no_part_of_the_task()
    {
        var task = Started(
            $$"""{"steps":[{{Write("half", "1\n")}},REACHED,{"hang":true}],"resumed":{"steps":[{{Write("rest", "2\n")}}]} }""");
        Fixture.Engine.Suspend(task.Id);
        Fixture.Settled(task.Id);
        File.WriteAllText(_gates.Repository["mine"], "a person's own\n");
        _gates.Repository.Git("add", "mine");
        _gates.Repository.Git("commit", "--quiet", "-m", "Mine");
        File.WriteAllText(_gates.Repository["later"], "not committed\n");
        Fixture.Engine.Resume(task.Id, new WorkerHost.InProcess());

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Fixture.Settled(task.Id).Status);
        Assert.Equal(["half", "rest"], Fixture.Engine.GetChanges(task.Id).Select(change => change.Path).Order());
        Fixture.Engine.Approve(task.Id, null, _ => true, force: false);
        Assert.Equal("?? later", _gates.Repository.Git("status", "--porcelain").Trim());
    }

    [Fact]
    public void A_work_tree_without_changes_yet_outlives_a_pause_and_not_a_stop()
    {
        var scenario = $$"""{"steps":[REACHED,{"hang":true}],"resumed":{"steps":[{{Write("a", "")}}]} }""";
        var task = Started(scenario, worktree: true);
        Fixture.Engine.Suspend(task.Id);
        Assert.Equal(0, Fixture.Settled(task.Id).FilesChanged);
        Fixture.Engine.Resume(task.Id, new WorkerHost.InProcess());
        var resumed = Fixture.Settled(task.Id);
        Assert.True(resumed.Status == ClaudeTaskStatus.WaitingApproval, resumed.ReasonText);

        File.Delete(Fixture["reached"]);
        var other = Started(scenario, worktree: true);
        Fixture.Engine.Suspend(other.Id);
        Assert.True(Directory.Exists(Fixture.Settled(other.Id).Worktree));
        Fixture.Engine.RequestStop(other.Id);
        Assert.False(Directory.Exists(Fixture.Settled(other.Id).Worktree));
    }

    [Fact]
    public void A_message_that_is_queued_behind_the_turn_which_is_paused_is_heard_when_it_goes_on_once()
    {
        var task = Started("""{"steps":[REACHED,{"hang":true}],"resumed":{"steps":[{"echoPrompt":1}]} }""");
        Fixture.Engine.Say(task.Id, "Also the second", new WorkerHost.InProcess());
        Until.True(() => Fixture.Texts(task.Id, ClaudeTaskEventKind.UserMessage).Count == 1, "it was said");
        Fixture.Engine.Suspend(task.Id);
        Fixture.Settled(task.Id);
        Fixture.Engine.Resume(task.Id, new WorkerHost.InProcess());

        Assert.Equal(ClaudeTaskStatus.Completed, Fixture.Settled(task.Id).Status);
        Assert.Single(Fixture.Texts(task.Id, ClaudeTaskEventKind.Message), "Also the second");
    }

    [Fact]
    public void A_message_during_gates_that_fail_brings_a_further_turn_all_the_same()
    {
        _gates.Register(
            "build", $"touch '{Fixture["gate"]}'; until test -e '{Fixture["gate may end"]}'; do sleep 0.05; done; test -e mended");
        var task = Fixture.Start(_gates.Request());
        Until.True(() => File.Exists(Fixture["gate"]), "its gate runs");
        Fixture.Engine.Say(task.Id, Steps(Write("mended", "")), new WorkerHost.InProcess());
        File.WriteAllText(Fixture["gate may end"], "");

        Until.True(
            () => Fixture.Engine.Get(task.Id) is { Status: ClaudeTaskStatus.WaitingApproval, Attempts: 2 },
            "the message was heard, and the gate has passed");
    }

    [Fact]
    public void A_check_that_fails_before_a_further_turn_costs_nothing_that_was_done()
    {
        var task = Fixture.Run(Steps(Write("a", "")));
        var head = _gates.Repository.Git("rev-parse", "HEAD").Trim();
        File.WriteAllText(_gates.Repository[".git/MERGE_HEAD"], head + "\n");
        Fixture.Engine.Say(task.Id, Steps(Write("b", "")), new WorkerHost.InProcess());

        var held = Fixture.Settled(task.Id);
        Assert.Equal((true, ClaudeTaskReason.PreFlightFailed, 1), (held.IsSuspended, held.Reason, held.Attempts));
        Assert.Contains($"Resume-ClaudeTask {task.Id}", held.ReasonText, StringComparison.Ordinal);
        Assert.True(Fixture.HoldsLease(task.Id));
        File.Delete(_gates.Repository[".git/MERGE_HEAD"]);
        Fixture.Engine.Resume(task.Id, new WorkerHost.InProcess());
        Assert.Equal((ClaudeTaskStatus.WaitingApproval, 2), (Fixture.Settled(task.Id).Status, Fixture.Engine.Get(task.Id).FilesChanged));
    }

    [Fact]
    public void What_a_repair_asked_is_asked_no_longer_when_it_died()
    {
        _gates.Register("build", "exit 1");
        var settings = Fixture.WithScenario(
            $$"""{"steps":[{{Write("a.txt", "")}}],"resumed":{"steps":[{{Bash("touch x", ask: true)}}]} }""");
        var task = Fixture.Start(Fixture.Request("Do it", settings) with
        {
            RepairAttempt = 1,
            OnQuestion = QuestionPolicy.Ask,
        });
        var question = Until.Found(() => Fixture.Engine.GetQuestions(task.Id).SingleOrDefault(), "the repair asks");
        ProcessesFixture.Kill(
            ProcessIdentity.Parse(
                (string?)StoreFixture.Scalar(Fixture.Engine.Store.Path, $"SELECT agent_process FROM tasks WHERE id = {task.Id}"))!.Value);

        Assert.Equal(ClaudeTaskStatus.QaFailed, Fixture.Settled(task.Id).Status);
        Assert.Equal(ClaudeTaskQuestionState.Withdrawn, Fixture.Engine.GetQuestion(question.Id).State);
    }

    public void Dispose() => _gates.Dispose();

    /// <summary>Starts a task whose agent is at work, and goes on when it may.</summary>
    private ClaudeTask Started(string scenario, TaskSettings? settings = null, bool worktree = false)
    {
        var arguments = Fixture.WithScenario(scenario
            .Replace("REACHED", Step("signalFile", Fixture["reached"]), StringComparison.Ordinal)
            .Replace("GO_ON", Step("waitFile", Fixture["go on"]), StringComparison.Ordinal)).AgentArgument;
        var task = Fixture.Start(
            Fixture.Request("Do it", (settings ?? new TaskSettings()) with { AgentArgument = arguments, Worktree = worktree }));
        Until.True(() => File.Exists(Fixture["reached"]), "it is at work");
        return task;
    }

    private void Request(int task, bool suspends) => StoreFixture.Scalar(
        Fixture.Engine.Store.Path,
        $"INSERT INTO stop_requests (task_id, requested_at, suspends) VALUES ({task}, 0, {(suspends ? 1 : 0)}) RETURNING 1");

    /// <summary>A request that the worker has not seen yet when the agent ends: it looks for those of its own tasks.</summary>
    private void RequestBehindItsBack(ClaudeTask task, bool suspends)
    {
        StoreFixture.Scalar(Fixture.Engine.Store.Path, $"UPDATE tasks SET worker = '{Guid.NewGuid()}' WHERE id = {task.Id} RETURNING 1");
        Request(task.Id, suspends);
    }
}
