using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What a dead worker leaves in one repository keeps nobody in another, and is recovered as soon as it can be.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_worker_that_died_while_it_approved_disables_nothing_in_another_repository()
    {
        var lost = RunTask();
        var other = new TestRepository(_engine["other"]);
        var moved = _engine["repository.moved"];
        LoseApproval(lost);
        Directory.Move(Repository.Root, moved);

        var task = _engine.Run(Steps(Write("b.txt", "b\n")), repository: other.Root);

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Equal(1, _engine.Engine.Measure(default, new TaskQuery { Repository = other.Root }).Sum(measure => measure.Count));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
        Until.True(() => Look(lost.Id) is { IsSettled: true, IsBeingRecovered: true }, "the task says that it cannot be recovered now");
        Assert.Contains("ClaudeTasks tries this again by itself.", _engine.Engine.Get(lost.Id).ReasonText, StringComparison.Ordinal);

        Directory.Move(moved, Repository.Root);
        Until.True(() => Look(lost.Id) is { IsBeingRecovered: false }, "the decision is finished once it can be");
        Assert.Equal((ClaudeTaskStatus.Completed, null), (_engine.Engine.Get(lost.Id).Status, _engine.Engine.Get(lost.Id).ReasonText));
    }

    [Fact]
    public void A_lost_task_is_shown_as_lost_at_once_and_keeps_its_repository_until_its_diff_is_taken()
    {
        var task = RunTask();
        LoseRun(task);
        var moved = _engine["repository.moved"];
        Directory.Move(Repository.Root, moved);

        _engine.Engine.RecoverLostTasks();

        Assert.Equal(
            (ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost),
            (_engine.Engine.Get(task.Id).Status, _engine.Engine.Get(task.Id).Reason));
        Until.True(() => Look(task.Id) is { IsSettled: true, IsBeingRecovered: true }, "the task says that its diff cannot be taken now");
        Assert.True(_engine.HoldsLease(task.Id));
        var refusal = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Reject(task.Id, null, _ => true));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, refusal.ErrorId);
        Assert.StartsWith($"Task {task.Id} lost its worker and cannot be recovered now: ", refusal.Message, StringComparison.Ordinal);

        Directory.Move(moved, Repository.Root);
        Assert.Equal(ClaudeTaskStatus.Rejected, _engine.Engine.Reject(task.Id, null, _ => true).Status);
        Assert.Equal("", Repository.Git("status", "--short"));
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Fact]
    public void A_recovery_that_another_process_has_begun_is_not_done_twice()
    {
        var task = RunTask();
        LoseRun(task);
        var path = Path.Combine(_engine.Home, "locks", $"recovery-{task.Id}.lock");
        using (var claim = LockFile.TryTake(path)!)
        {
            _engine.Engine.RecoverLostTasks();
            using var second = _engine.OpenEngine();
            second.RecoverLostTasks();

            Assert.True(second.Get(task.Id) is { IsBeingRecovered: true, IsSettled: false });
            claim.Delete();
        }

        Until.True(() => Look(task.Id) is { IsBeingRecovered: false }, "the recovery is done once the other process has left it");
        Assert.Equal(1, _engine.Engine.Get(task.Id).FilesChanged);
    }

    public void Dispose() => _engine.Dispose();

    private ClaudeTask RunTask()
    {
        var task = _engine.Run(Steps(Write("a.txt", "a\n")));
        _engine.AwaitWorkers();
        return task;
    }

    private ClaudeTask Look(int id)
    {
        _engine.Engine.RecoverLostTasks();
        return _engine.Engine.Get(id);
    }

    /// <summary>The store as it is when a worker dies while its agent works.</summary>
    private void LoseRun(ClaudeTask task)
    {
        Scalar(
            "UPDATE tasks SET status = 'running', result_tree = NULL, review_tree = NULL, completed_at = NULL, files_changed = NULL "
            + $"WHERE id = {task.Id} RETURNING id");
        AddDeadWorker(task);
    }

    /// <summary>The store, and the branch, as they are when a worker dies while it approves a task.</summary>
    private void LoseApproval(ClaudeTask task)
    {
        var plan = new Review.ApprovalPlan(Repository.Git("rev-parse", "HEAD"), "HEAD", Repository.Root, [], [], []);
        Repository.Git("add", "a.txt");
        Repository.Git("commit", "--quiet", "--message", $"Add it\n\nClaude-Task: {task.TaskId}");

        Scalar(
            "UPDATE tasks SET status = 'approved', settings = json_set(settings, '$.AutoApprove', json('true')) "
            + $"WHERE id = {task.Id} RETURNING id");
        Scalar(
            $"""
            INSERT INTO decisions (task_id, kind, from_status, plan, paths, decided_at)
            VALUES ({task.Id}, 0, 'waiting_approval', '{plan.ToJson()}', '["a.txt"]', 0) RETURNING id
            """);
        AddDeadWorker(task);
    }

    private void AddDeadWorker(ClaudeTask task) => Scalar(
        "INSERT INTO workers (id, process, started, created_at) "
            + $"SELECT worker, '1:1:gone', 1, 0 FROM tasks WHERE id = {task.Id} RETURNING id");

    private object? Scalar(string sql) => StoreFixture.Scalar(_engine.Engine.Store.Path, sql);
}
