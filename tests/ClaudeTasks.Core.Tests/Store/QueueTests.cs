using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

public sealed class QueueTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public void A_second_task_waits_for_the_first_and_says_so()
    {
        var first = _engine.Start(Steps(Pause(_engine["reached"], _engine["go on"])));
        Until.True(() => File.Exists(_engine["reached"]), "the first runs");

        var second = _engine.Start(Steps());

        Assert.Equal((ClaudeTaskStatus.Pending, $"task {first.Id}"), (second.Status, second.WaitingFor?.ToString()));
        Assert.Null(_engine.Engine.FindBlocker(second));
        File.WriteAllText(_engine["go on"], "");
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(second.Id).Status);
        Assert.True(_engine.Engine.Get(second.Id).StartedAt >= _engine.Engine.Get(first.Id).CompletedAt);
    }

    [Fact]
    public void Tasks_of_a_repository_start_in_the_order_of_their_numbers()
    {
        var submission = _engine.Engine.Submit(new WorkerHost.InProcess());
        var ids = Enumerable.Range(0, 4).Select(_ => submission.Add(_engine.Request(Steps())).Id).ToList();

        var ended = ids.Select(_engine.Settled).ToList();

        Assert.All(ended, task => Assert.Equal(ClaudeTaskStatus.Completed, task.Status));
        Assert.Equal(ids, ended.OrderBy(task => task.StartedAt).Select(task => task.Id));
        Assert.All(ended.Zip(ended.Skip(1)), pair => Assert.True(pair.First.CompletedAt <= pair.Second.StartedAt));
    }

    [Fact]
    public void Tasks_on_two_repositories_run_side_by_side()
    {
        var other = new TestRepository(_engine["other"]);

        // Each waits for the other to have come this far.
        var first = _engine.Start(Steps(Pause(_engine["a"], _engine["b"])));
        var second = _engine.Start(Steps(Pause(_engine["b"], _engine["a"])), repository: other.Root);

        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(first.Id).Status);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(second.Id).Status);
    }

    [Fact]
    public void A_task_over_the_throttle_waits_for_a_free_slot()
    {
        var other = new TestRepository(_engine["other"]);
        var first = _engine.Start(Steps(Pause(_engine["reached"], _engine["go on"])));
        Until.True(() => File.Exists(_engine["reached"]), "the first runs");
        var second = _engine.Engine.Submit(new WorkerHost.InProcess())
            .Add(_engine.Request(Steps(), repository: other.Root) with { ThrottleLimit = 1 });
        var third = _engine.Run(Steps(), repository: new TestRepository(_engine["third"]).Root);

        Assert.Equal(ClaudeTaskStatus.Completed, third.Status);
        Assert.Equal(
            (ClaudeTaskStatus.Pending, "a free slot"),
            (_engine.Engine.Get(second.Id).Status, _engine.Engine.Get(second.Id).WaitingFor?.ToString()));
        File.WriteAllText(_engine["go on"], "");
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(second.Id).Status);
        Assert.True(_engine.Engine.Get(second.Id).StartedAt >= _engine.Engine.Get(first.Id).CompletedAt);
    }

    [Fact]
    public void The_repository_that_was_served_longest_ago_is_next()
    {
        using var store = new StoreFixture();
        var database = store.Open();
        var worker = Guid.NewGuid();
        foreach (var repository in new[] { "a", "a", "a", "b", "b", "c" })
        {
            StoreFixture.AddTask(database, repository, worker, throttle: 1);
        }

        var order = new List<string>();
        while (database.Write(connection => TaskQueue.Take(connection, worker, [])) is { } id)
        {
            order.Add(database.Read(connection => TaskTable.Find(connection, id))!.Task.Repository);
            Assert.Null(database.Write(connection => TaskQueue.Take(connection, worker, [])));
            database.Write(connection => TaskTable.Move(connection, id, ClaudeTaskStatus.PreFlight, ClaudeTaskStatus.Failed));

            // The order is told by a clock of milliseconds.
            var now = DateTime.UtcNow.ToStoreTime();
            Until.True(() => DateTime.UtcNow.ToStoreTime() > now, "the clock moved on");
        }

        Assert.Equal(["a", "b", "c", "a", "b", "a"], order);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_task_that_waits_for_approval_gives_its_repository_back_and_leaves_the_files(bool byStop)
    {
        var first = _engine.Run(Steps(Write("new.txt", "x\n")));
        var second = _engine.Start(Steps());
        Assert.Equal($"task {first.Id}", second.WaitingFor?.ToString());
        Assert.Equal(first.Id, _engine.Engine.FindBlocker(second)?.Id);

        // The files are the user's business now, and have to be put away for the next one.
        if (byStop)
        {
            Assert.True(_engine.Engine.RequestStop(first.Id));
            Assert.Equal(ClaudeTaskStatus.Cancelled, _engine.Engine.Get(first.Id).Status);
        }
        else
        {
            _engine.Engine.Remove(first.Id);
        }

        Assert.Equal("x\n", File.ReadAllText(_engine.Repository["new.txt"]));
        Assert.Equal(ClaudeTaskReason.PreFlightFailed, _engine.Settled(second.Id).Reason);
    }

    [Fact]
    public void A_queued_task_that_is_stopped_never_runs()
    {
        var first = _engine.Start(Steps(Pause(_engine["reached"], _engine["go on"])));
        var second = _engine.Start(Steps(Write("never", "")));
        var third = _engine.Start(Steps());

        Assert.True(_engine.Engine.RequestStop(second.Id));
        File.WriteAllText(_engine["go on"], "");

        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(third.Id).Status);
        Assert.Equal((ClaudeTaskStatus.Cancelled, null), (_engine.Engine.Get(second.Id).Status, _engine.Engine.Get(second.Id).StartedAt));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Get(first.Id).Status);
    }

    [Fact]
    public void A_worker_that_cannot_be_started_leaves_no_task()
    {
        var submission = _engine.Engine.Submit(new WorkerHost.Detached(_engine["missing"], id => [id.ToString()]));

        var error = Assert.Throws<ClaudeTaskException>(() => submission.Add(_engine.Request("Do it")));

        Assert.Equal(ClaudeTaskErrorId.WorkerNotStarted, error.ErrorId);
        Assert.Empty(_engine.Engine.Query(new TaskQuery()));
    }

    public void Dispose() => _engine.Dispose();
}
