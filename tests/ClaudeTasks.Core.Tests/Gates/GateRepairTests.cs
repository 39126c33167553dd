using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What goes back to Claude from a gate that failed.</summary>
public sealed class GateRepairTests : IDisposable
{
    private readonly GateFixture _gates = new();

    [Fact]
    public void The_end_of_what_the_failed_gates_printed_goes_back_and_not_more_than_that()
    {
        _gates.Register("fine", "echo all is well");
        _gates.Register("lint", "echo a matter of taste; exit 1", gate => gate with { IsRequired = false });
        _gates.Register("loud", "i=0; while [ $i -lt 20000 ]; do echo \"line $i\"; i=$((i+1)); done; exit 7");
        _gates.Register("slow", "echo begun; sleep 60", gate => gate with { Timeout = TimeSpan.FromSeconds(1) });

        var task = Repair($"{Step("echoPrompt", "")},{Write("a.txt", "mended\n")}");

        var prompt = Assert.Single(
            _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Message), text => text.Contains("did not pass", StringComparison.Ordinal));
        Assert.True(prompt.Length < 10_000, $"{prompt.Length} characters");
        Assert.Contains("Check \"loud\" (exit code 7) printed:\n\n…", prompt, StringComparison.Ordinal);
        Assert.Contains("line 19998\nline 19999\n", prompt, StringComparison.Ordinal);
        Assert.Contains("Check \"slow\" (TimedOut) printed:\n\nbegun\n", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("all is well", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("taste", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_round_and_what_its_repair_cost_is_recorded()
    {
        _gates.Register("build", "exit 1");

        var task = Repair(Write("b.txt", "more\n"), attempts: 2);

        Assert.Equal([1, 2, 3], _gates.Results(task).Select(result => result.Attempt));
        var costs = _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Notice)
            .Where(text => text.StartsWith("Repair", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(2, costs.Count);
        Assert.Matches(@"^Repair 1 cost \$0\.0", costs[0]);
        Assert.Matches(@"^Repair 2 cost \$0\.0", costs[1]);
    }

    [Fact]
    public void Gates_that_are_run_again_on_demand_repair_nothing()
    {
        _gates.Register("build", "exit 1");
        var task = Repair(Write("b.txt", "more\n"));
        Assert.Equal((ClaudeTaskStatus.QaFailed, 1), (task.Status, task.Repairs));

        _gates.Fixture.Engine.RequestGates(task.Id, null, new WorkerHost.InProcess());
        Until.True(
            () => _gates.Results(task).Count == 3 && _gates.Fixture.Engine.Get(task.Id).Status == ClaudeTaskStatus.QaFailed,
            "the gate has run again");

        Assert.Equal(1, _gates.Fixture.Engine.Get(task.Id).Repairs);
    }

    [Fact]
    public void A_person_may_send_what_failed_back_once_more()
    {
        _gates.Register("build", "echo not mended; grep -q mended a.txt");
        var task = Repair($"{Step("echoPrompt", "")},{Write("a.txt", "mended\n")}", attempts: 0);
        Assert.Equal(ClaudeTaskStatus.QaFailed, task.Status);

        _gates.Fixture.Engine.Repair(task.Id, new WorkerHost.InProcess());
        Until.True(
            () => _gates.Fixture.Engine.Get(task.Id) is { Status: ClaudeTaskStatus.WaitingApproval, Attempts: 2 },
            "it is mended, and has passed");

        Assert.Contains(
            _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Message),
            text => text.Contains("printed:\n\nnot mended", StringComparison.Ordinal));
        var refused = Assert.Throws<ClaudeTaskException>(() => _gates.Fixture.Engine.Repair(task.Id, new WorkerHost.InProcess()));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, refused.ErrorId);
    }

    [Fact]
    public void A_repair_can_pause_and_goes_on()
    {
        _gates.Register("build", "grep -q mended a.txt");
        var (reached, goOn) = (_gates.Fixture["reached"], _gates.Fixture["go on"]);
        var settings = _gates.Fixture.WithScenario(
            $$"""
            {"steps":[{{Write("a.txt", "broken\n")}}],
             "resumed":{"steps":[{{Pause(reached, goOn)}},{{Write("a.txt", "mended\n")}}]} }
            """);
        var task = _gates.Fixture.Start(_gates.Fixture.Request("Do it", settings) with { RepairAttempt = 1 });
        Until.True(() => File.Exists(reached), "the repair is at work");
        _gates.Fixture.Engine.Suspend(task.Id);
        Assert.True(_gates.Fixture.Settled(task.Id).IsSuspended);

        File.WriteAllText(goOn, "");
        _gates.Fixture.Engine.Resume(task.Id, new WorkerHost.InProcess());
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _gates.Fixture.Settled(task.Id).Status);
    }

    public void Dispose() => _gates.Dispose();

    private ClaudeTask Repair(string steps, int attempts = 1)
    {
        var settings = _gates.Fixture.WithScenario($$"""{"steps":[{{Write("a.txt", "broken\n")}}],"resumed":{"steps":[{{steps}}]} }""");
        return _gates.Fixture.Run(_gates.Fixture.Request("Do it", settings) with { RepairAttempt = attempts });
    }
}
