using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Tasks as observables: nothing is lost between past and live, and an observer that leaves leaves nothing behind.</summary>
public sealed class ObservationTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public void Whoever_comes_late_sees_the_same_events_as_whoever_was_there_from_the_start()
    {
        var task = _engine.Start(Steps(Says("one"), Pause(_engine["reached"], _engine["go"]), Says("two")));
        using var early = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id]));
        Until.True(() => File.Exists(_engine["reached"]), "the agent is in the middle");
        using var middle = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id]));
        File.WriteAllText(_engine["go"], "");
        early.WaitForEnd();
        middle.WaitForEnd();
        using var late = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id]));
        late.WaitForEnd();

        var all = _engine.Events(task.Id).Select(item => item.Seq).ToList();
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Get(task.Id).Status);
        Assert.Equal(Enumerable.Range(1, all.Count), all);
        Assert.All([early, middle, late], recorder => Assert.Equal(all, recorder.Seen.Select(item => item.Seq)));
    }

    [Fact]
    public void Events_can_be_asked_for_by_kind_and_behind_a_number()
    {
        var task = _engine.Run(Steps(Says("one"), Says("two"), Says("three")));
        using var messages = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id], 0, ClaudeTaskEventKind.Message));
        messages.WaitForEnd();
        using var rest = new Recorder<ClaudeTaskEvent>(
            _engine.Engine.Events.Observe([task.Id], messages.Seen.First().Seq, ClaudeTaskEventKind.Message));
        rest.WaitForEnd();

        Assert.Equal(["one", "two", "three"], messages.Seen.Select(item => item.Text));
        Assert.Equal(["two", "three"], rest.Seen.Select(item => item.Text));
    }

    [Fact]
    public void A_run_ends_where_a_person_decides_after_all_its_events_and_the_task_itself_after_the_decision()
    {
        var task = _engine.Start(Steps(Write("new.txt", "new\n")));
        using var whole = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id]));
        using var status = new Recorder<ClaudeTask>(_engine.Engine.Events.ObserveStatus([task.Id]));
        using var run = new Recorder<ClaudeTaskUpdate>(_engine.Engine.Events.ObserveRun(task.Id));
        run.WaitForEnd();

        Assert.True(run.Seen.Last().IsCaughtUp);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, run.Seen.Last().Task.Status);
        Assert.Equal(
            _engine.Events(task.Id).Select(item => item.Seq), run.Seen.SelectMany(update => update.Events).Select(item => item.Seq));
        Assert.False(whole.HasEnded);

        _engine.Engine.Approve(task.Id, null, _ => true, force: false);
        whole.WaitForEnd();
        status.WaitForEnd();
        Assert.Contains(whole.Seen, item => item.Text.StartsWith("Completed", StringComparison.Ordinal));
        Assert.Equal(ClaudeTaskStatus.Completed, status.Seen.Last().Status);
    }

    [Fact]
    public void A_queued_run_is_told_behind_whom_it_waits_and_that_this_is_over()
    {
        var first = _engine.Run(Steps(Write("new.txt", "new\n")));
        var second = _engine.Start(Steps(Says("hm")));
        using var run = new Recorder<ClaudeTaskUpdate>(_engine.Engine.Events.ObserveRun(second.Id));
        Until.True(() => run.Seen.Any(update => update.Blocker?.Id == first.Id), "it is blocked");
        _engine.Engine.Reject(first.Id, null, _ => true);
        run.WaitForEnd();

        Assert.Null(run.Seen.Last().Blocker);
        Assert.Equal(ClaudeTaskStatus.Completed, run.Seen.Last().Task.Status);
    }

    [Fact]
    public void An_observer_that_blocks_holds_up_itself_alone()
    {
        using var hold = new ManualResetEventSlim();
        var task = _engine.Start(Steps(Says("one"), Says("two")));
        using var blocked = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id]), _ => hold.Wait(Until.Limit));
        using var other = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id]));
        other.WaitForEnd();

        Assert.False(blocked.HasEnded);
        hold.Set();
        blocked.WaitForEnd();
        Assert.Equal(other.Seen.Select(item => item.Seq), blocked.Seen.Select(item => item.Seq));
    }

    [Fact]
    public void What_another_process_writes_is_seen()
    {
        using var other = _engine.OpenEngine();
        var task = _engine.Start(Steps(Pause(_engine["reached"], _engine["go"])));
        using var status = new Recorder<ClaudeTask>(other.Events.ObserveStatus([task.Id]));
        Until.True(() => status.Seen.Any(item => item.Status == ClaudeTaskStatus.Running), "it runs");
        File.WriteAllText(_engine["go"], "");
        status.WaitForEnd();

        Assert.Equal(ClaudeTaskStatus.Completed, status.Seen.Last().Status);
    }

    [Fact]
    public void A_task_that_is_removed_or_never_was_is_an_error()
    {
        var task = _engine.Run(Steps(Write("new.txt", "new\n")));
        using var status = new Recorder<ClaudeTask>(_engine.Engine.Events.ObserveStatus([task.Id]));
        Until.True(() => !status.Seen.IsEmpty, "it is observed");
        _engine.Engine.Remove(task.Id);
        using var nothing = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([4711]));

        Assert.All(
            [status.WaitForEnd(), nothing.WaitForEnd()],
            error => Assert.Equal(ClaudeTaskErrorId.TaskNotFound, Assert.IsType<ClaudeTaskException>(error).ErrorId));
    }

    [Fact]
    public void An_observer_that_leaves_is_told_nothing_more_and_held_by_nobody()
    {
        var task = _engine.Start(Steps(Says("one"), Pause(_engine["reached"], _engine["go"]), Says("two")));
        var left = ObserveAndLeave(task.Id);
        Until.True(
            () =>
            {
                GC.Collect();
                return !left.IsAlive;
            },
            "nobody holds the observer");

        // It was no other's reading that ended, and the next one begins anew.
        using var next = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task.Id], 0, ClaudeTaskEventKind.Message));
        File.WriteAllText(_engine["go"], "");
        next.WaitForEnd();
        Assert.Equal(["one", "two"], next.Seen.Select(item => item.Text));
    }

    [Fact]
    public void An_engine_that_is_closed_ends_who_observes_by_it()
    {
        var other = _engine.OpenEngine();
        var task = _engine.Run(Steps(Write("new.txt", "new\n")));
        using var status = new Recorder<ClaudeTask>(other.Events.ObserveStatus([task.Id]));
        Until.True(() => !status.Seen.IsEmpty, "it is observed");
        other.Dispose();

        Assert.IsType<ObjectDisposedException>(status.WaitForEnd());
    }

    public void Dispose() => _engine.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ObserveAndLeave(int task)
    {
        var recorder = new Recorder<ClaudeTaskEvent>(_engine.Engine.Events.Observe([task], 0, ClaudeTaskEventKind.Message));
        Until.True(() => recorder.Seen.Count == 1, "the first message came");
        recorder.Dispose();
        return new WeakReference(recorder);
    }

    private sealed class Recorder<T> : IObserver<T>, IDisposable
    {
        private readonly Action<T>? _action;
        private readonly IDisposable _subscription;
        private Exception? _error;
        private volatile bool _hasEnded;

        public Recorder(IObservable<T> source, Action<T>? action = null)
        {
            _action = action;
            _subscription = source.Subscribe(this);
        }

        public ConcurrentQueue<T> Seen { get; } = new();

        public bool HasEnded => _hasEnded;

        public void OnNext(T value)
        {
            _action?.Invoke(value);
            Seen.Enqueue(value);
        }

        public void OnError(Exception error)
        {
            _error = error;
            _hasEnded = true;
        }

        public void OnCompleted() => _hasEnded = true;

        public Exception? WaitForEnd()
        {
            Until.True(() => _hasEnded, "the sequence ended");
            return _error;
        }

        public void Dispose() => _subscription.Dispose();
    }
}
