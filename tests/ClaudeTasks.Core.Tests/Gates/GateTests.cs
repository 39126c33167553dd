using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Results that must prove themselves. The gates are command lines of a Unix shell.</summary>
public sealed class GateTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public GateTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The gates are command lines of a Unix shell.");

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_result_that_passes_waits_for_approval_and_each_run_is_recorded()
    {
        Register("second", "echo two >&2", order: 2);
        Register("first", "echo \"one $EXTRA in $(basename \"$PWD\")\"; test -f ../a.txt", order: 1, change: gate => gate with
        {
            WorkingFolder = "dir",
            Environment = new Dictionary<string, string> { ["EXTRA"] = "more" },
        });
        Repository.Write("dir/x.txt", "x\n");
        Repository.Commit("Base");

        var task = Run();

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Equal(
            ["Pending", "PreFlight", "Running", "WaitingQa", "QaRunning", "WaitingApproval"],
            _engine.Texts(task.Id, ClaudeTaskEventKind.Status));
        var results = _engine.Engine.GetGateResults(task.Id);
        Assert.Equal(
            [("first", true, 0, 1, "one more in dir\n"), ("second", true, 0, 1, "two\n")],
            results.Select(item => (item.Name, item.Passed, item.ExitCode ?? -1, item.Attempt, item.Output)));
        Assert.Equal(["one more in dir", "two"], _engine.Texts(task.Id, ClaudeTaskEventKind.Gate));
    }

    [Fact]
    public void A_required_gate_that_fails_blocks_the_approval_and_discards_nothing()
    {
        Register("lint", "exit 1", change: gate => gate with { IsRequired = false });
        Register("build", "echo broken; exit 3");
        Register("after", "true");

        var task = Run();

        Assert.Equal((ClaudeTaskStatus.QaFailed, ClaudeTaskReason.GateFailed), (task.Status, task.Reason));
        Assert.Contains("Failed: build.", task.ReasonText, StringComparison.Ordinal);
        Assert.Equal(
            [("after", true), ("build", false), ("lint", false)],
            _engine.Engine.GetGateResults(task.Id).Select(item => (item.Name, item.Passed)));
        Assert.Equal(3, _engine.Engine.GetGateResults(task.Id)[1].ExitCode);
        Assert.True(_engine.HoldsLease(task.Id));

        var error = Assert.Throws<ClaudeTaskException>(() => Approve(task, force: false));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, error.ErrorId);
        Assert.Contains("-Force", error.RecommendedAction, StringComparison.Ordinal);

        Assert.Equal(ClaudeTaskStatus.Completed, Approve(task, force: true).Status);
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Status),
            text => text.Contains("by force: its gates had failed", StringComparison.Ordinal));
        Assert.Equal(ClaudeTaskStatus.QaFailed, _engine.Engine.Undo(task.Id).Status);
    }

    [Fact]
    public void An_optional_gate_that_fails_holds_nothing_back()
    {
        Register("lint", "exit 1", change: gate => gate with { IsRequired = false });

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Run().Status);
    }

    [Fact]
    public void The_first_failure_ends_the_round_only_where_that_is_asked_for()
    {
        Register("a", "exit 1", change: gate => gate with { IsRequired = false });
        Register("b", "exit 1");
        Register("c", "true");

        var task = Run(new TaskSettings { FailFast = true });
        Assert.Equal(["a", "b"], _engine.Engine.GetGateResults(task.Id).Select(result => result.Name));
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Equal(["a", "b", "c"], _engine.Engine.GetGateResults(Run().Id).Select(result => result.Name));
    }

    [Fact]
    public void Only_the_named_gates_run_and_an_unknown_name_is_refused_at_the_start()
    {
        Register("a", "exit 1");
        Register("b", "true");

        var task = Run(new TaskSettings { Gate = ["B"] });
        Assert.Equal((ClaudeTaskStatus.WaitingApproval, "b"), (task.Status, Assert.Single(_engine.Engine.GetGateResults(task.Id)).Name));
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Empty(_engine.Engine.GetGateResults(Run(new TaskSettings { Gate = [] }).Id));

        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Start(Request(new TaskSettings { Gate = ["nope"] })));
        Assert.Equal((ClaudeTaskErrorId.GateNotFound, "The options are: a, b."), (error.ErrorId, error.RecommendedAction));
    }

    [Fact]
    public void What_a_gate_changes_is_not_the_tasks()
    {
        Register("coverage", "echo x > coverage.txt");

        var task = Run();

        Assert.Equal(["coverage.txt"], Assert.Single(_engine.Engine.GetGateResults(task.Id)).ChangedFiles);
        Assert.Equal("a.txt", Assert.Single(_engine.Engine.GetChanges(task.Id)).Path);
        Approve(task, force: false);
        Assert.Equal("a.txt", Repository.Git("show", "--format=", "--name-only", "HEAD"));
        Assert.Equal("?? coverage.txt", Repository.Git("status", "--short"));
    }

    [Fact]
    public void What_a_gate_found_goes_back_to_claude_in_the_same_conversation()
    {
        Register("build", "echo x > by-gate.txt; cat a.txt; grep -q mended a.txt");
        var settings = _engine.WithScenario(
            $$"""
            {"steps":[{{Write("a.txt", "broken\n")}}],
             "resumed":{"steps":[{{Step("text", "Mending.")}},{{Write("a.txt", "mended\n")}}]} }
            """);

        var task = _engine.Run(_engine.Request("Do it", settings) with { RepairAttempt = 2 });

        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        Assert.Equal([(1, false), (2, true)], _engine.Engine.GetGateResults(task.Id).Select(item => (item.Attempt, item.Passed)));
        Assert.Equal((1, 2 * 0.0123m, "a.txt"), (task.Repairs, task.CostUsd, Assert.Single(_engine.Engine.GetChanges(task.Id)).Path));
        Assert.Equal(
            ["Pending", "PreFlight", "Running", "WaitingQa", "QaRunning", "Running", "WaitingQa", "QaRunning", "WaitingApproval"],
            _engine.Texts(task.Id, ClaudeTaskEventKind.Status).Select(text => text.Split(':')[0]));
    }

    [Fact]
    public void Repairs_end_when_they_are_used_up_and_a_failed_one_loses_nothing()
    {
        Register("build", "exit 1");
        var settings = _engine.WithScenario(
            $$"""{"steps":[{{Write("a.txt", "broken\n")}}],"resumed":{"steps":[{{Write("b.txt", "more\n")}}]} }""");
        var task = _engine.Run(_engine.Request("Do it", settings) with { RepairAttempt = 2 });

        Assert.Equal(
            (ClaudeTaskStatus.QaFailed, 2, 3),
            (task.Status, task.Repairs, _engine.Engine.GetGateResults(task.Id).Max(item => item.Attempt)));
        Assert.Equal(["a.txt", "b.txt"], _engine.Engine.GetChanges(task.Id).Select(change => change.Path));
        _engine.Engine.Reject(task.Id, null, _ => true);

        settings = _engine.WithScenario($$"""{"steps":[{{Write("a.txt", "broken\n")}}],"resumed":{"steps":[{"exit":3}]} }""");
        task = _engine.Run(_engine.Request("Do it", settings) with { RepairAttempt = 1 });
        Assert.Equal((ClaudeTaskStatus.QaFailed, ClaudeTaskReason.AgentError), (task.Status, task.Reason));
        Assert.Equal("a.txt", Assert.Single(_engine.Engine.GetChanges(task.Id)).Path);
    }

    [Fact]
    public void Gates_run_again_after_somebody_mended_something()
    {
        Register("build", "test -f mended.txt");
        Register("other", "true");
        var task = Run();
        Assert.Equal(ClaudeTaskStatus.QaFailed, task.Status);
        Repository.Write("mended.txt", "x\n");

        _engine.Engine.RequestGates(task.Id, ["build"], new WorkerHost.InProcess());
        Until.True(() => _engine.Engine.Get(task.Id).Status == ClaudeTaskStatus.WaitingApproval, "the gate has passed");

        Assert.Equal(
            [("build", 1), ("other", 1), ("build", 2)], _engine.Engine.GetGateResults(task.Id).Select(item => (item.Name, item.Attempt)));
        Assert.Equal(ClaudeTaskStatus.Completed, Approve(task, force: false).Status);
        Assert.Equal(
            ClaudeTaskErrorId.TaskStateConflict,
            Assert.Throws<ClaudeTaskException>(() => _engine.Engine.RequestGates(task.Id, null, new WorkerHost.InProcess())).ErrorId);
    }

    [Fact]
    public void A_gate_of_the_repository_comes_before_one_for_all_of_the_same_name()
    {
        Register("build", "exit 1", change: gate => gate with { Repository = null });
        Register("build", "true");

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Run().Status);

        _engine.Engine.UnregisterGate("BUILD", Repository.Root);
        Assert.Equal("exit 1", Assert.Single(_engine.Engine.GetGates(Repository.Root)).Command);
        Assert.Equal(
            ClaudeTaskErrorId.GateNotFound,
            Assert.Throws<ClaudeTaskException>(() => _engine.Engine.UnregisterGate("build", Repository.Root)).ErrorId);
    }

    [Fact]
    public void What_cannot_be_a_gate_is_refused()
    {
        var gate = new ClaudeTaskGate { Name = "x", Command = "true" };
        foreach (var bad in new[]
        {
            gate with { Name = " " }, gate with { Name = "a\nb" }, gate with { Command = "" }, gate with { WorkingFolder = "../.." },
            gate with { WorkingFolder = "/tmp" }, gate with { Timeout = TimeSpan.Zero },
            gate with { Environment = new Dictionary<string, string> { ["a=b"] = "" } },
        })
        {
            Assert.Equal(
                ClaudeTaskErrorId.InvalidArgument, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.RegisterGate(bad)).ErrorId);
        }
    }

    [Theory]
    [InlineData("waiting_qa")]
    [InlineData("qa_running")]
    public void Gates_whose_worker_died_can_be_run_again(string status)
    {
        Register("build", "true");
        var task = Run();
        _engine.AwaitWorkers();
        StoreFixture.Scalar(_engine.Engine.Store.Path, $"UPDATE tasks SET status = '{status}' WHERE id = {task.Id} RETURNING id");
        StoreFixture.Scalar(
            _engine.Engine.Store.Path,
            "INSERT INTO workers (id, process, started, created_at) "
                + $"SELECT worker, '1:1:gone', 1, 0 FROM tasks WHERE id = {task.Id} RETURNING id");

        _engine.Engine.RecoverLostTasks();

        Assert.Equal(
            (ClaudeTaskStatus.QaFailed, ClaudeTaskReason.WorkerLost),
            (_engine.Engine.Get(task.Id).Status, _engine.Engine.Get(task.Id).Reason));
        _engine.Engine.RequestGates(task.Id, null, new WorkerHost.InProcess());
        Until.True(() => _engine.Engine.Get(task.Id).Status == ClaudeTaskStatus.WaitingApproval, "the gate has passed");
    }

    public void Dispose() => _engine.Dispose();

    private void Register(string name, string command, int order = 0, Func<ClaudeTaskGate, ClaudeTaskGate>? change = null)
    {
        var gate = new ClaudeTaskGate { Name = name, Command = command, Order = order, Repository = Repository.Root };
        _engine.Engine.RegisterGate(change is null ? gate : change(gate));
    }

    private ClaudeTaskRequest Request(TaskSettings settings) => _engine.Request(Steps(Write("a.txt", "task\n")), settings);

    private ClaudeTask Run(TaskSettings? quality = null) => _engine.Run(Request(quality ?? new TaskSettings()));

    private ClaudeTask Approve(ClaudeTask task, bool force) => _engine.Engine.Approve(task.Id, null, _ => true, force);
}
