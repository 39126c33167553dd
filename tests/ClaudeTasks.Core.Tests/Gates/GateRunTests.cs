using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>How a gate is called, and that nothing is left of it.</summary>
public sealed class GateRunTests : IDisposable
{
    private readonly GateFixture _gates = new();

    [Fact]
    public void A_gate_that_hangs_is_ended_with_all_it_started()
    {
        var pids = _gates.Fixture["pids"];
        _gates.Register(
            "hang",
            $"echo $$ >> '{pids}'; (setsid sh -c 'echo $$ >> \"{pids}\"; exec sleep 600' &) ; trap '' TERM; while :; do sleep 0.2; done",
            gate => gate with { Timeout = TimeSpan.FromSeconds(2) });

        var task = _gates.Run();

        var result = Assert.Single(_gates.Results(task));
        Assert.Equal((ClaudeTaskStatus.QaFailed, ClaudeTaskReason.TimedOut, false), (task.Status, result.Reason, result.Passed));
        Assert.Contains("longer than its limit of 2 seconds", result.Output, StringComparison.Ordinal);
        Assert.InRange(result.Duration, TimeSpan.FromSeconds(2), task.Duration!.Value);
        Assert.InRange(result.StartedAt, task.StartedAt!.Value, DateTime.UtcNow);
        AssertGone(pids, 2);
    }

    [Fact]
    public void What_a_gate_leaves_running_is_ended_and_not_waited_for()
    {
        // Of a session of its own, deaf to TERM, and with the output in its hands.
        var pids = _gates.Fixture["pids"];
        _gates.Register(
            "server",
            $"setsid sh -c 'trap \"\" TERM; echo $$ >> \"{pids}\"; sleep 600; sleep 600' & "
                + $"until test -s '{pids}'; do sleep 0.05; done; echo up");

        var task = _gates.Run();

        var result = Assert.Single(_gates.Results(task));
        Assert.Equal((ClaudeTaskStatus.WaitingApproval, true, "up\n"), (task.Status, result.Passed, result.Output));
        Assert.Contains(
            _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Process),
            text => text.Contains("of gate 'server' that were left running: ", StringComparison.Ordinal));
        AssertGone(pids, 1);
    }

    [Fact]
    public void A_task_is_stopped_while_its_gate_runs_and_takes_the_gate_along()
    {
        var pids = _gates.Fixture["pids"];
        _gates.Register("long", $"setsid sh -c 'echo $$ >> \"{pids}\"; exec sleep 600' & sleep 600");
        var id = _gates.Fixture.Start(_gates.Request()).Id;
        Until.True(() => File.Exists(pids) && File.ReadAllText(pids).EndsWith('\n'), "the gate runs");

        _gates.Fixture.Engine.RequestStop(id);

        var task = _gates.Fixture.Settled(id);
        Assert.Equal((ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (task.Status, task.Reason));
        Assert.Equal(ClaudeTaskReason.Stopped, Assert.Single(_gates.Results(task)).Reason);
        AssertGone(pids, 1);
    }

    [Fact]
    public void A_program_gets_its_arguments_as_they_are()
    {
        _gates.Register("program", "/bin/sh", gate => gate with
        {
            Kind = ClaudeTaskGateKind.Program, Arguments = ["-c", "printf '<%s>' \"$@\"", "sh", "a b", "", "$HOME;'\"*", "-x"],
        });

        Assert.Equal("<a b><><$HOME;'\"*><-x>\n", Assert.Single(_gates.Results(_gates.Run())).Output);
    }

    [Fact]
    public void A_program_that_is_missing_is_a_failure_with_that_reason()
    {
        _gates.Register("gone", "/nowhere/program", gate => gate with { Kind = ClaudeTaskGateKind.Program, Arguments = ["a b"] });

        var result = Assert.Single(_gates.Results(_gates.Run()));
        Assert.Equal((ClaudeTaskReason.StartFailed, (int?)null, false), (result.Reason, result.ExitCode, result.Passed));
        Assert.Contains("/nowhere/program", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_what_a_gate_printed_is_kept_and_all_of_it_is_in_the_events()
    {
        _gates.Register("loud", "i=0; while [ $i -lt 20000 ]; do echo \"line $i\"; i=$((i+1)); done");

        var task = _gates.Run();

        var output = Assert.Single(_gates.Results(task)).Output;
        Assert.True(output.Length <= 64 * 1024, $"{output.Length} characters");
        Assert.EndsWith("line 19998\nline 19999\n", output, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 20000).Select(i => $"line {i}"), _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Gate));
    }

    public void Dispose() => _gates.Dispose();

    private static void AssertGone(string pids, int count)
    {
        var lines = File.ReadAllLines(pids);
        Assert.Equal(count, lines.Length);

        // A dead one may wait to be collected by whoever inherited it.
        Assert.All(
            lines,
            pid => Assert.True(
                LinuxProc.ReadStat(int.Parse(pid, CultureInfo.InvariantCulture)) is null or { IsZombie: true }, $"process {pid} is left"));
    }
}
