using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>The queue over several processes, and what the console front end tells of it.</summary>
public sealed class ProcessQueueTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    [Fact]
    public void One_task_at_a_time_runs_in_a_repository_however_it_is_reached()
    {
        Directory.CreateDirectory(_processes.Repository["sub"]);
        Directory.CreateSymbolicLink(_processes["link"], _processes.Repository.Root);
        _processes.Repository.Git("worktree", "add", "--quiet", _processes["other"], "-b", "side");

        // mkdir is atomic: it fails for the second one of two who are inside at once.
        var steps = Steps(
            Bash($"mkdir '{_processes["inside"]}' || echo both >> '{_processes["clash"]}'", false), """{"delay":100}""",
            Bash($"rmdir '{_processes["inside"]}'", false));
        var runs = new[] { _processes["link"], _processes.Repository["sub"], _processes["other"], _processes.Repository.Root }
            .Select(folder => _processes.Front.StartRun(folder, steps)).ToList();

        Assert.All(runs, run => Assert.Equal(0, run.WaitForExit()));
        Assert.False(File.Exists(_processes["clash"]));
        var tasks = _processes.Engine.Query(new TaskQuery()).OrderBy(task => task.StartedAt).ToList();
        Assert.Equal(4, tasks.Count);
        Assert.All(tasks.Zip(tasks.Skip(1)), pair => Assert.True(pair.First.CompletedAt <= pair.Second.StartedAt));
        Assert.All(tasks, task =>
        {
            var events = _processes.Engine.ReadEvents(task.Id, [], default).Select(item => item.Seq).ToList();
            Assert.Equal(Enumerable.Range(1, events.Count), events);
        });
    }

    [Fact]
    public void A_follower_sees_every_event_once_and_the_front_end_tells_the_outcome()
    {
        var run = _processes.Front.StartRun(
            _processes.Repository.Root, Steps(Says("hello"), Write("a.txt", "a\n"), """{"repeat":3000,"steps":[{"text":"{n}"}]}"""));

        Assert.Equal(0, run.WaitForExit());

        var stored = _processes.Engine.ReadEvents(1, [], default).Select(item => (item.Seq, item.Text));
        Assert.Equal(stored, run.Events.Select(item => (item["Seq"]!.GetValue<int>(), item["Text"]!.GetValue<string>())));
        Assert.Equal("WaitingApproval", run.TaskAtEnd["Status"]!.GetValue<string>());
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void A_task_behind_one_that_waits_for_approval_says_behind_which()
    {
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps(Write("a.txt", "a\n"))).WaitForExit());

        var second = _processes.Front.StartRun(_processes.Repository.Root, Steps());

        Assert.Equal(8, second.WaitForExit());
        Assert.Equal(1, second.TaskAtEnd["WaitingFor"]!["Task"]!.GetValue<int>());
        Assert.True(_processes.Engine.RequestStop(2));
    }

    [Theory]
    [InlineData("""{"steps":[]}""", 0)]
    [InlineData("""{"steps":[],"exitCode":1,"result":{"is_error":true}}""", 3)]
    [InlineData("""{"steps":[{"hang":true}]}""", 5, "--timeout", "1")]
    public void The_exit_code_tells_the_outcome(string scenario, int code, params string[] options) =>
        Assert.Equal(code, _processes.Front.StartRun(_processes.Repository.Root, Scenario(scenario), options).WaitForExit());

    [Fact]
    public void Calls_of_one_process_share_a_worker_while_it_lives_and_the_environment_is_the_same()
    {
        const string Variable = "CLAUDETASKS_TEST_ENVIRONMENT";
        var host = new WorkerHost.Detached(FrontEnd.Program, worker => ["worker", worker.ToString()]);
        var hold = Submit(Steps(Pause(_processes["reached"], _processes["go on"])));
        var shared = Submit(Steps(Says("shared")));
        try
        {
            Environment.SetEnvironmentVariable(Variable, "another");
            var other = Submit(Steps("""{"echoEnv":"CLAUDETASKS_TEST_ENVIRONMENT"}"""));
            Assert.Equal(2L, StoreFixture.Scalar(_processes.StorePath, "SELECT count(DISTINCT worker) FROM tasks"));
            Assert.Equal(WorkerOf(hold), WorkerOf(shared));
            File.WriteAllText(_processes["go on"], "");

            Assert.Equal(("shared", "another"), (_processes.Settled(shared).Result, _processes.Settled(other).Result));
            Until.True(() => StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM workers") is 0L, "the workers have ended");
            Assert.Equal("later", _processes.Settled(Submit(Steps(Says("later")))).Result);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }

        int Submit(string prompt) => _processes.Engine.Submit(host).Add(new ClaudeTaskRequest
        {
            Prompt = prompt, Repository = _processes.Repository.Root, Session = "calls", ClaudePath = Program,
        }).Id;
        object? WorkerOf(int task) => StoreFixture.Scalar(_processes.StorePath, $"SELECT worker FROM tasks WHERE id = {task}");
    }

    [Fact]
    public void A_dirty_tree_is_an_exit_code_of_its_own()
    {
        _processes.Repository.Write("dirty.txt", "");

        var run = _processes.Front.StartRun(_processes.Repository.Root, Steps());

        Assert.Equal(4, run.WaitForExit());
        Assert.Contains("dirty.txt", run.TaskAtEnd["ReasonText"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_a_task_is_an_error_in_words()
    {
        var run = _processes.Front.StartRun(_processes["missing"], Steps());

        Assert.Equal(2, run.WaitForExit());
        Assert.StartsWith("claude-tasks: The repository ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Lines);
    }

    public void Dispose() => _processes.Dispose();
}
