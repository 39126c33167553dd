using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Processes that die where they must not: nothing is lost, and the next one goes on.</summary>
public sealed class WorkerDeathTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    [Fact]
    public void A_task_whose_worker_was_killed_is_taken_over_with_its_output_and_its_changes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals, and cookies in /proc.");
        _processes.Front.StartRun(_processes.Repository.Root, Steps(
            Says("I begin."), Write("half.txt", "half\n"), """{"spawn":{"command":"sleep 1000","setsid":true} }""",
            Step("signalFile", _processes["reached"]), """{"hang":true}"""));
        _processes.Reach("reached");
        var running = _processes.Engine.Get(1);
        Assert.Equal(ClaudeTaskStatus.Running, running.Status);
        Until.True(() => Texts(1, ClaudeTaskEventKind.Message).Count == 1, "its line is stored");

        ProcessesFixture.Kill(_processes.Front.FindWorker());

        // Whoever sees it first takes it over: this process or the caller's.
        var task = _processes.Settled(1);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost), (task.Status, task.Reason));
        Assert.Equal(["I begin."], Texts(1, ClaudeTaskEventKind.Message));
        Assert.Equal("half.txt", Assert.Single(_processes.Engine.GetChanges(1)).Path);
        Assert.Empty(ProcessesFixture.Bearers(task));
        Assert.Equal(0L, StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM leases"));
        Until.True(() => StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM workers") is 0L, "the worker is forgotten");

        _processes.Repository.Commit("What was left");
        var next = _processes.Front.StartRun(_processes.Repository.Root, Steps(Says("next")));
        Assert.Equal(0, next.WaitForExit());
    }

    [Fact]
    public void The_caller_who_follows_a_killed_worker_is_told_and_so_is_who_waits_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals.");
        var first = _processes.Front.StartRun(
            _processes.Repository.Root, Steps(Step("signalFile", _processes["reached"]), """{"hang":true}"""));
        _processes.Reach("reached");
        var worker = _processes.Front.FindWorker();
        var second = _processes.Front.StartRun(_processes.Repository.Root, Steps(Says("next")));
        Until.True(() => second.Events.Count > 0, "the second is queued");

        ProcessesFixture.Kill(worker);

        Assert.Equal(3, first.WaitForExit());
        Assert.Equal("WorkerLost", first.TaskAtEnd["Reason"]!.GetValue<string>());
        Assert.Equal(0, second.WaitForExit());
    }

    [Fact]
    public void A_task_whose_worker_dies_before_its_turn_waits_for_somebody_to_resume_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals.");
        var blocking = _processes.Front.StartRun(_processes.Repository.Root, Steps(Pause(_processes["reached"], _processes["go on"])));
        _processes.Reach("reached");
        var first = _processes.Front.FindWorker();
        _processes.Front.StartRun(_processes.Repository.Root, Steps(Write("never", "")));
        Until.True(
            () => StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM workers WHERE started = 1") is 2L,
            "the second worker has started");
        var second = Processes.ProcessIdentity.Parse((string)StoreFixture.Scalar(
            _processes.StorePath, $"SELECT process FROM workers WHERE process <> '{first}'")!)!.Value;

        ProcessesFixture.Kill(second);
        var task = _processes.Settled(2);

        Assert.Equal(
            (ClaudeTaskStatus.Pending, ClaudeTaskReason.WorkerLost, "a resume"), (task.Status, task.Reason, task.WaitingFor?.ToString()));
        Assert.Null(task.StartedAt);
        Assert.True(task.IsSuspended);
        File.WriteAllText(_processes["go on"], "");
        Assert.Equal(0, blocking.WaitForExit());
        Assert.False(File.Exists(_processes.Repository["never"]));
        Assert.True(_processes.Engine.RequestStop(2));
        Assert.Equal(ClaudeTaskStatus.Cancelled, _processes.Engine.Get(2).Status);
    }

    [Fact]
    public void A_worker_that_is_asked_to_end_ends_its_agent_and_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals.");
        var run = _processes.Front.StartRun(
            _processes.Repository.Root, Steps(Write("half.txt", "half\n"), Step("signalFile", _processes["reached"]), """{"hang":true}"""));
        _processes.Reach("reached");

        Assert.Equal(0, Processes.NativeMethods.Kill(_processes.Front.FindWorker().Pid, Processes.NativeMethods.SigTerm));

        Assert.Equal(3, run.WaitForExit());
        var task = _processes.Engine.Get(1);
        Assert.Equal(ClaudeTaskReason.WorkerLost, task.Reason);
        Assert.Equal(1, task.FilesChanged);
        Assert.Empty(ProcessesFixture.Bearers(task));
        Until.True(() => StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM workers") is 0L, "the worker has ended");
    }

    [Fact]
    public void A_task_goes_on_when_the_one_who_asked_for_it_is_killed()
    {
        var run = _processes.Front.StartRun(
            _processes.Repository.Root, Steps(Pause(_processes["reached"], _processes["go on"]), Write("a.txt", "a\n")));
        _processes.Reach("reached");

        run.Kill();
        File.WriteAllText(_processes["go on"], "");

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _processes.Settled(1).Status);
    }

    [Fact]
    public void A_task_goes_on_when_its_caller_is_killed_as_soon_as_it_is_in_the_store()
    {
        var run = _processes.Front.StartRun(_processes.Repository.Root, Steps(Write("a.txt", "a\n")));
        Until.True(() => run.Events.Count > 0, "the task is in the store");

        run.Kill();

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _processes.Settled(1).Status);
    }

    [Theory]
    [InlineData("-i")]
    [InlineData($"-u {Processes.ProcessTree.CookieVariable}")]
    public void A_process_that_left_its_session_and_dropped_its_cookie_is_ended_with_the_agent(string dropping)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A subreaper.");
        var mark = $"86{Random.Shared.Next(100000, 999999)}";
        var daemon = $"exec env {dropping} /bin/sh -c 'echo started > {_processes["reached"]}; exec sleep {mark}'";
        var run = _processes.Front.StartRun(_processes.Repository.Root, Steps(
            $$$"""{"spawn":{"command":{{{Quote(daemon)}}},"setsid":true} }""", Step("waitFile", _processes["reached"])));

        Assert.Equal(0, run.WaitForExit());
        Until.True(
            () => !Processes.LinuxProc.Pids().Any(pid => Processes.LinuxProc.CommandLine(pid) == $"sleep {mark}"), "the daemon is gone");
    }

    public void Dispose() => _processes.Dispose();

    private List<string> Texts(int id, ClaudeTaskEventKind kind) =>
        [.. _processes.Engine.ReadEvents(id, [kind], default).Select(item => item.Text)];
}
