using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;
using ClaudeTasks.Text;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Tasks that wait for others, for their moment, or for their rank.</summary>
public sealed class StartConditionTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly TestRepository _other;

    public StartConditionTests() => _other = new TestRepository(_engine["other"]);

    [Fact]
    public void It_starts_when_what_it_depends_on_is_approved()
    {
        var first = _engine.Run(Steps(Write("first", "")));
        var second = Start(new StartCondition { DependsOn = [first.Id] });
        Assert.Equal($"task {first.Id}", _engine.Engine.Get(second.Id).WaitingFor?.ToString());

        _engine.Engine.Approve(first.Id, null, _ => true, force: false);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(second.Id).Status);
    }

    [Fact]
    public void It_fails_with_a_reason_when_what_it_depends_on_failed_or_is_gone()
    {
        var first = _engine.Run(Steps("""{"exit":3}"""));
        var (second, third) = (
            Start(new StartCondition { DependsOn = [first.Id] }),
            Start(new StartCondition { DependsOn = [first.Id], EvenIfFailed = true }));

        var failed = _engine.Settled(second.Id);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.DependencyFailed), (failed.Status, failed.Reason));
        Assert.Contains($"Task {first.Id}", failed.ReasonText, StringComparison.Ordinal);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(third.Id).Status);

        var waiting = _engine.Run(Steps(Write("first", "")));
        var fourth = Start(new StartCondition { DependsOn = [waiting.Id] });
        _engine.Engine.Remove(waiting.Id);
        Assert.Equal(ClaudeTaskReason.DependencyFailed, _engine.Settled(fourth.Id).Reason);
    }

    [Fact]
    public void One_of_several_is_enough_where_that_was_asked_for()
    {
        var failed = _engine.Run(Steps("""{"exit":3}"""));
        var well = _engine.Run(Steps(Says("Well.")));
        var any = Start(new StartCondition { DependsOn = [failed.Id, well.Id], AnyOfThem = true });
        var all = Start(new StartCondition { DependsOn = [failed.Id, well.Id] });
        var none = Start(new StartCondition { DependsOn = [failed.Id], AnyOfThem = true });

        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(any.Id).Status);
        Assert.Equal(ClaudeTaskReason.DependencyFailed, _engine.Settled(all.Id).Reason);
        Assert.Equal(ClaudeTaskReason.DependencyFailed, _engine.Settled(none.Id).Reason);
    }

    [Fact]
    public void What_does_not_exist_cannot_be_depended_on()
    {
        Assert.Equal(
            ClaudeTaskErrorId.TaskNotFound,
            Assert.Throws<ClaudeTaskException>(() => Start(new StartCondition { DependsOn = [99] })).ErrorId);
        Assert.Empty(_engine.Engine.Query(new TaskQuery()));
    }

    [Fact]
    public void It_starts_at_its_moment_and_not_before_while_others_pass_it()
    {
        var moment = DateTime.UtcNow.AddSeconds(3);
        var later = Start(new StartCondition { NotBefore = moment }, _engine.Repository);
        var now = _engine.Run(Steps(Says("Now.")));

        Assert.Equal(ClaudeTaskStatus.Completed, now.Status);
        Assert.Equal(TimeText.Moment(moment), _engine.Engine.Get(later.Id).WaitingFor?.ToString());
        Assert.True(_engine.Settled(later.Id).StartedAt >= moment.AddMilliseconds(-1));
    }

    [Fact]
    public void A_clock_that_is_put_forward_or_a_sleep_over_the_moment_starts_it_at_once()
    {
        var later = Start(new StartCondition { NotBefore = DateTime.UtcNow.AddDays(1) });
        Until.True(() => _engine.Engine.Get(later.Id).WaitingFor is not null, "it waits");

        // A clock put forward by a day is, to the store, a moment put back by one.
        StoreFixture.Scalar(
            _engine.Engine.Store.Path, $"UPDATE tasks SET not_before = not_before - 90000000 WHERE id = {later.Id} RETURNING id");
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(later.Id).Status);
    }

    [Fact]
    public void It_is_cancelled_where_it_would_be_too_late()
    {
        var late = Start(new StartCondition { NotBefore = DateTime.UtcNow.AddHours(-2), SkipIfLateBy = TimeSpan.FromHours(1) });
        var inTime = Start(new StartCondition { NotBefore = DateTime.UtcNow.AddHours(-2), SkipIfLateBy = TimeSpan.FromHours(3) });

        Assert.Equal(
            (ClaudeTaskStatus.Cancelled, ClaudeTaskReason.TooLate), (_engine.Settled(late.Id).Status, _engine.Engine.Get(late.Id).Reason));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(inTime.Id).Status);
    }

    [Fact]
    public void Of_those_that_may_start_the_one_of_higher_priority_begins()
    {
        var blocking = _engine.Start(Steps(Pause(_engine["reached"], _engine["go on"])));
        Until.True(() => File.Exists(_engine["reached"]), "the first is at work");
        var tasks = new[] { ClaudeTaskPriority.Low, ClaudeTaskPriority.Normal, ClaudeTaskPriority.High }
            .Select(priority => _engine.Start(_engine.Request(Steps(Says("Ran."))) with { Priority = priority })).ToList();
        File.WriteAllText(_engine["go on"], "");

        var started = tasks.Select(task => _engine.Settled(task.Id)).OrderBy(task => task.StartedAt).Select(task => task.Priority);
        Assert.Equal([ClaudeTaskPriority.High, ClaudeTaskPriority.Normal, ClaudeTaskPriority.Low], started);
        _engine.Settled(blocking.Id);
    }

    [Fact]
    public void What_a_lost_worker_was_to_start_later_goes_on_with_a_new_one()
    {
        var later = Start(new StartCondition { NotBefore = DateTime.UtcNow.AddDays(1) });
        var lost = Guid.NewGuid();
        StoreFixture.Scalar(
            _engine.Engine.Store.Path, $"UPDATE tasks SET worker = '{lost}', not_before = 1 WHERE id = {later.Id} RETURNING id");
        StoreFixture.Scalar(
            _engine.Engine.Store.Path,
            $"INSERT INTO workers (id, process, started, created_at) VALUES ('{lost}', '1:1:gone', 1, 0) RETURNING id");

        // Whoever looks first takes it over: this engine, or the worker that still waited for it.
        _engine.Engine.ReplacementHost = () => new WorkerHost.InProcess();
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(later.Id).Status);
        _engine.AwaitWorkers();
    }

    [Fact]
    public void A_worker_whose_store_knows_it_no_more_ends()
    {
        Start(new StartCondition { NotBefore = DateTime.UtcNow.AddDays(1) });
        Until.True(() => Directory.GetFiles(Path.Combine(_engine.Home, "workers")).Length == 1, "its worker lives");
        StoreFixture.Scalar(_engine.Engine.Store.Path, "DELETE FROM tasks RETURNING id");
        StoreFixture.Scalar(_engine.Engine.Store.Path, "DELETE FROM workers RETURNING id");

        Until.True(() => Directory.GetFiles(Path.Combine(_engine.Home, "workers")).Length == 0, "it has ended");
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>In a repository of its own by default, so that no lease is in the way.</summary>
    private ClaudeTask Start(StartCondition condition, TestRepository? repository = null) =>
        _engine.Start(_engine.Request(Steps(Says("Ran.")), repository: (repository ?? _other).Root) with { Start = condition });
}
