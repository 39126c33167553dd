using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What goes wrong with one task ends or holds that task; the worker's other tasks see nothing of it.</summary>
public sealed class FailureBoundaryTests : IDisposable
{
    private readonly GateFixture _gates = new();

    private EngineFixture Fixture => _gates.Fixture;

    [Fact]
    public void An_auto_approval_that_fails_halfway_is_told_and_finished_when_it_can_be()
    {
        var hook = _gates.Repository[".git/hooks/post-commit"];
        var indexLock = _gates.Repository[".git/index.lock"];
        File.WriteAllText(hook, $"#!/bin/sh\ntouch '{indexLock}'\n");
        System.Diagnostics.Process.Start("chmod", ["+x", hook]).WaitForExit();

        var task = _gates.Run(new TaskSettings { AutoApprove = true, AllowNoGate = true });

        Assert.Equal((ClaudeTaskStatus.Approved, true), (task.Status, task.IsBeingRecovered));
        Assert.Contains("index.lock", task.ReasonText, StringComparison.Ordinal);
        Assert.Contains(
            Fixture.Texts(task.Id, ClaudeTaskEventKind.Error),
            text => text.Contains("Its decision is not finished yet", StringComparison.Ordinal));
        Fixture.AwaitWorkers();

        File.Delete(indexLock);
        Until.True(
            () =>
            {
                Fixture.Engine.RecoverLostTasks();
                return Fixture.Engine.Get(task.Id).Status == ClaudeTaskStatus.Completed;
            },
            "the decision is finished");
        Assert.Equal("", _gates.Repository.Git("status", "--short"));
    }

    [Fact]
    public void Gates_on_a_task_whose_work_tree_is_gone_are_refused_and_the_worker_goes_on()
    {
        _gates.Register("build", "true");
        var task = Fixture.Run(_gates.Request() with { Worktree = true });
        Directory.Delete(task.Worktree!, recursive: true);

        Fixture.Engine.RequestGates(task.Id, null, new WorkerHost.InProcess());
        Until.True(() => !Fixture.Engine.Get(task.Id).HasGatesToRun, "the request is answered");

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Fixture.Engine.Get(task.Id).Status);
        Assert.Contains(
            Fixture.Texts(task.Id, ClaudeTaskEventKind.Error),
            text => text.StartsWith("Its gates did not run: ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_read_of_one_task_ends_that_task_alone()
    {
        var other = new TestRepository(Fixture["other"]);
        var call = Fixture.Engine.Submit(new WorkerHost.InProcess());
        var broken = call.Add(Fixture.Request(Steps(Bash("touch asked", ask: true)), new TaskSettings { OnQuestion = QuestionPolicy.Ask }));
        var good = call.Add(Fixture.Request(Steps(Pause(Fixture["reached"], Fixture["go on"]), Says("Done.")), repository: other.Root));
        Until.True(
            () => File.Exists(Fixture["reached"]) && StoreFixture.Scalar(Fixture.Engine.Store.Path, "SELECT count(*) FROM questions") is 1L,
            "both are at work");

        StoreFixture.Scalar(
            Fixture.Engine.Store.Path,
            $"UPDATE questions SET options = '{{', state = {(int)ClaudeTaskQuestionState.Allowed} "
                + $"WHERE task_id = {broken.Id} RETURNING id");
        var failed = Fixture.Settled(broken.Id);
        File.WriteAllText(Fixture["go on"], "");

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.InternalError), (failed.Status, failed.Reason));
        Assert.Equal(ClaudeTaskStatus.Completed, Fixture.Settled(good.Id).Status);
    }

    [Fact]
    public void A_record_that_cannot_be_read_fails_its_task_and_no_other()
    {
        var other = new TestRepository(Fixture["other"]);
        var call = Fixture.Engine.Submit(new WorkerHost.InProcess());
        var first = call.Add(Fixture.Request(Steps(Pause(Fixture["reached"], Fixture["go on"]))));
        var second = call.Add(Fixture.Request(Steps(Says("Never."))));
        var third = call.Add(Fixture.Request(Steps(Pause(Fixture["reached too"], Fixture["go on too"])), repository: other.Root));
        Until.True(() => File.Exists(Fixture["reached"]) && File.Exists(Fixture["reached too"]), "two are at work");

        StoreFixture.Scalar(Fixture.Engine.Store.Path, $"UPDATE tasks SET settings = '{{' || settings WHERE id = {second.Id} RETURNING id");
        File.WriteAllText(Fixture["go on"], "");
        Until.True(
            () => StoreFixture.Scalar(Fixture.Engine.Store.Path, $"SELECT status FROM tasks WHERE id = {second.Id}") is "failed",
            "the one that cannot be read has failed");
        StoreFixture.Scalar(
            Fixture.Engine.Store.Path, $"UPDATE tasks SET settings = substr(settings, 2) WHERE id = {second.Id} RETURNING id");
        File.WriteAllText(Fixture["go on too"], "");

        Assert.Equal(ClaudeTaskStatus.Completed, Fixture.Settled(first.Id).Status);
        Assert.Equal(ClaudeTaskStatus.Completed, Fixture.Settled(third.Id).Status);
    }

    [Fact]
    public void A_task_that_is_removed_before_its_run_begins_does_not_end_the_worker()
    {
        var call = Fixture.Engine.Submit(new WorkerHost.InProcess());
        var first = call.Add(Fixture.Request(Steps(Pause(Fixture["reached"], Fixture["go on"]))));
        var second = call.Add(Fixture.Request(Steps(Says("Never."))));
        var third = call.Add(Fixture.Request(Steps(Says("Third."))));
        Until.True(() => File.Exists(Fixture["reached"]), "the first is at work");

        // The last statement of the transaction that takes a task from the queue changes its repository.
        StoreFixture.Scalar(
            Fixture.Engine.Store.Path,
            "CREATE TRIGGER remove AFTER UPDATE OF last_started_at ON repositories "
                + $"BEGIN DELETE FROM tasks WHERE id = {second.Id} AND status = 'pre_flight'; END");
        File.WriteAllText(Fixture["go on"], "");

        Assert.Equal(ClaudeTaskStatus.Completed, Fixture.Settled(first.Id).Status);
        Assert.Equal(ClaudeTaskStatus.Completed, Fixture.Settled(third.Id).Status);
        Assert.Equal(0L, StoreFixture.Scalar(Fixture.Engine.Store.Path, $"SELECT count(*) FROM tasks WHERE id = {second.Id}"));
    }

    public void Dispose() => _gates.Dispose();
}
