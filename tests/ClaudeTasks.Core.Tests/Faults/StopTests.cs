using System.Diagnostics;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>A stop from another process always ends, whatever the agent does about it, and leaves no process.</summary>
public sealed class StopTests : IDisposable
{
    private const string Deaf = "trap '' HUP INT TERM;";
    private const string Forever = "while :; do sleep 1; done";

    private readonly ProcessesFixture _processes = new();

    public StopTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals, and cookies in /proc.");

    /// <summary>What is special about the agent, what it ignores, and what it does before it hangs.</summary>
    public static TheoryData<string, string, string> Agents => new()
    {
        { "ends when it is interrupted", "", "" },
        { "ignores these and TERM", "interrupt eof term", "" },
        { "left a process in a session of its own that ignores TERM", "", Spawn($"{Deaf} {Forever}", "\"setsid\":true") },
        { "left a daemon by a double fork", "", Spawn($"( ( {Deaf} {Forever} ) & ) ; exit 0", "\"setsid\":true") },
        { "left a grandchild that holds its pipes", "", Spawn("( sleep 1000 & ) ; exit 0", "\"inheritStdio\":true") },
        { "left 200 children", "", Spawn("for i in $(seq 200); do sleep 1000 & done; wait") },
        { "left children that are started again when they die", "", Spawn($"{Deaf} while :; do sleep 1000; done", "\"setsid\":true") },
        { "left a shell that floods its standard error", "", Spawn("yes flood >&2", "\"inheritStdio\":true") },
        { "writes without end", "interrupt eof term", """{"repeat":1000000000,"steps":[{"text":"line {n} of a flood"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Agents))]
    public void An_agent_is_gone_with_all_it_started(string which, string ignored, string does)
    {
        string[] steps =
        [
            Write("half.txt", "half\n"), Step("signalFile", _processes["reached"]),
            .. does.Length > 0 ? [does] : Array.Empty<string>(), """{"hang":true}"""
        ];
        var ignores = string.Join(',', ignored.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Quote));
        StartAndReach(Scenario($$"""{"ignore":[{{ignores}}],"steps":[{{string.Join(',', steps)}}]}"""));
        var clock = Stopwatch.StartNew();

        Assert.True(_processes.Engine.RequestStop(1));
        var task = _processes.Settled(1);

        LongMode.Note($"stop: an agent that {which}: seconds to the last process gone", $"{clock.Elapsed.TotalSeconds:0.0}");
        AssertStopped(task);
        Assert.Equal("half.txt", Assert.Single(_processes.Engine.GetChanges(1)).Path);
        var sequence = _processes.Engine.ReadEvents(1, [], default).Select(item => item.Seq).ToList();
        Assert.Equal(Enumerable.Range(1, sequence.Count), sequence);
    }

    /// <summary>Each has to pass through the steps before its own, as do those above that ignore them all.</summary>
    [Theory]
    [InlineData("ignores the interrupt", "interrupt")]
    [InlineData("ignores the interrupt and the end of its input", "interrupt eof")]
    public void A_patient_stop_ends_too(string which, string ignored)
    {
        Assert.SkipUnless(LongMode.IsOn, "Waits ten seconds for each; CLAUDETASKS_LONG=1 does.");
        An_agent_is_gone_with_all_it_started(which, ignored, "");
    }

    [Fact]
    public void Eight_who_stop_it_at_once_stop_it_once()
    {
        StartAndReach(Hanging("interrupt"));
        var home = Path.GetDirectoryName(_processes.StorePath)!;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var engine = StoreFixture.InHome(home, ClaudeTaskEngine.Open);
            engine.RequestStop(1);
        });

        AssertStopped(_processes.Settled(1));
        Assert.Single(Texts(ClaudeTaskEventKind.Status), text => text.StartsWith("Cancelled", StringComparison.Ordinal));
        Assert.Single(Texts(ClaudeTaskEventKind.Process), "Stopping the agent: interrupt");
    }

    [Fact]
    public void A_stop_ends_what_a_dead_worker_left()
    {
        StartAndReach(Hanging("interrupt eof term"));
        ProcessesFixture.Kill(_processes.Front.FindWorker());
        var clock = Stopwatch.StartNew();

        // Whether the stop or the caller sees it first, it is told as what it was.
        _processes.Engine.RequestStop(1);
        var task = _processes.Settled(1);

        LongMode.Note("stop: with the worker dead: seconds to the last process gone", $"{clock.Elapsed.TotalSeconds:0.0}");
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost), (task.Status, task.Reason));
        AssertNothingLeft(task);
    }

    [Fact]
    public void A_stop_and_the_workers_death_at_once_leave_nothing()
    {
        StartAndReach(Hanging("interrupt eof term"));
        _processes.Engine.RequestStop(1);
        Until.True(() => Texts(ClaudeTaskEventKind.Process).Contains("Stopping the agent: interrupt"), "the stop has begun");

        ProcessesFixture.Kill(_processes.Front.FindWorker());

        var task = _processes.Settled(1);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost), (task.Status, task.Reason));
        AssertNothingLeft(task);
    }

    [Fact]
    public void A_queued_task_is_stopped_though_its_worker_is_dead()
    {
        StartAndReach(Hanging());
        _processes.Front.StartRun(_processes.Repository.Root, Steps(Write("never", "")));
        Until.True(
            () => StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM workers WHERE started = 1") is 2L,
            "the second worker has started");
        var second = ProcessIdentity.Parse((string)StoreFixture.Scalar(
            _processes.StorePath, "SELECT w.process FROM workers w JOIN tasks t ON t.worker = w.id WHERE t.id = 2")!)!.Value;
        ProcessesFixture.Kill(second);

        Assert.True(_processes.Engine.RequestStop(2));

        Assert.Equal(
            (ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (_processes.Engine.Get(2).Status, _processes.Engine.Get(2).Reason));
        Assert.Equal(ClaudeTaskStatus.Running, _processes.Engine.Get(1).Status);
        Assert.True(_processes.Engine.RequestStop(1));
        AssertStopped(_processes.Settled(1));
        Assert.False(File.Exists(_processes.Repository["never"]));
    }

    [Fact]
    public void A_gate_that_ignores_everything_is_gone_too()
    {
        _processes.Engine.RegisterGate(new ClaudeTaskGate
        {
            Name = "deaf", Repository = _processes.Repository.Root,
            Command = $"{Deaf} setsid sh -c \"{Deaf} {Forever}\" & touch '{_processes["reached"]}'; {Forever}",
        });
        _processes.Front.StartRun(_processes.Repository.Root, Steps(Write("half.txt", "half\n")));
        _processes.Reach("reached");
        var clock = Stopwatch.StartNew();

        Assert.True(_processes.Engine.RequestStop(1));
        var task = _processes.Settled(1);

        LongMode.Note("stop: a gate that ignores everything: seconds to the last process gone", $"{clock.Elapsed.TotalSeconds:0.0}");
        AssertStopped(task);
        Assert.Equal("half.txt", Assert.Single(_processes.Engine.GetChanges(1)).Path);
    }

    [Fact]
    public void An_agent_with_an_open_question_is_gone_and_nobody_can_answer_it_any_more()
    {
        _processes.Engine.Submit(new WorkerHost.Detached(
            FrontEnd.Program, worker => ["worker", worker.ToString()])).Add(new ClaudeTaskRequest
        {
            Prompt = Scenario($$"""{"ignore":["interrupt"],"steps":[{{Bash("touch never", ask: true)}}]}"""),
            Repository = _processes.Repository.Root,
            Session = "asks",
            ClaudePath = Program,
            OnQuestion = QuestionPolicy.Ask,
        });
        var question = Until.Found(() => _processes.Engine.GetQuestions(1).SingleOrDefault(), "it asks");
        var clock = Stopwatch.StartNew();

        Assert.True(_processes.Engine.RequestStop(1));
        var task = _processes.Settled(1);

        LongMode.Note(
            "stop: an open question, the interrupt ignored: seconds to the last process gone", $"{clock.Elapsed.TotalSeconds:0.0}");
        AssertStopped(task);
        Assert.Equal(ClaudeTaskQuestionState.Withdrawn, _processes.Engine.GetQuestion(question.Id).State);
        Assert.False(File.Exists(_processes.Repository["never"]));
    }

    [Fact]
    public void Who_has_the_agents_number_now_is_left_alone()
    {
        StartAndReach(Hanging());
        ProcessesFixture.Kill(_processes.Front.FindWorker());
        var agent = ProcessIdentity.Parse((string)StoreFixture.Scalar(_processes.StorePath, "SELECT agent_process FROM tasks")!)!.Value;
        using var foreign = Process.Start("sleep", "1000");

        // The number is another's by now, who started later, in the same boot.
        var recycled = agent with { Pid = foreign.Id };
        StoreFixture.Scalar(_processes.StorePath, $"UPDATE tasks SET agent_process = '{recycled}' RETURNING 1");
        var task = _processes.Settled(1);

        Assert.False(foreign.HasExited);
        foreign.Kill();
        AssertNothingLeft(task);
    }

    public void Dispose() => _processes.Dispose();

    private static string Spawn(string command, string detail = "\"setsid\":false") =>
        $$"""{"spawn":{"command":{{Quote(command)}},{{detail}} } }""";

    private string Hanging(string ignored = "")
    {
        var ignore = string.Join(',', ignored.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Quote));
        return Scenario($$"""{"ignore":[{{ignore}}],"steps":[{{Step("signalFile", _processes["reached"])}},{"hang":true}]}""");
    }

    private void StartAndReach(string prompt)
    {
        _processes.Front.StartRun(_processes.Repository.Root, prompt);
        _processes.Reach("reached");
    }

    private List<string> Texts(ClaudeTaskEventKind kind) =>
        [.. _processes.Engine.ReadEvents(1, [kind], default).Select(item => item.Text)];

    private void AssertStopped(ClaudeTask task)
    {
        Assert.Equal((ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (task.Status, task.Reason));
        AssertNothingLeft(task);
    }

    private void AssertNothingLeft(ClaudeTask task)
    {
        Assert.Empty(ProcessesFixture.Bearers(task));
        Assert.Equal(0L, StoreFixture.Scalar(_processes.StorePath, $"SELECT count(*) FROM leases WHERE task_id = {task.Id}"));
        Assert.Equal(0L, StoreFixture.Scalar(_processes.StorePath, $"SELECT count(*) FROM stop_requests WHERE task_id = {task.Id}"));
    }
}
