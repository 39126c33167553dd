using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Commands that reach a task while it is decided on: one of them is refused, and the files agree with the status.</summary>
public sealed class DecisionRaceTests : IDisposable
{
    private readonly ReviewFixture _review = new();

    public DecisionRaceTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The filters and hooks are shell scripts.");

    private TestRepository Repository => _review.Repository;

    private string Reached => _review.Fixture["reached"];

    private string GoOn => _review.Fixture["go on"];

    [Fact]
    public async Task A_task_that_is_being_denied_cannot_be_stopped_gated_or_continued()
    {
        var engine = _review.Fixture.Engine;
        engine.RegisterGate(new ClaudeTaskGate { Name = "build", Command = "true" });
        var task = RunFilteredTask("smudge");

        var denial = _review.RejectAsync(task.Id);
        Until.True(() => File.Exists(Reached), "the files are being put back");

        Refused(task.Id, () => engine.RequestStop(task.Id));
        Refused(task.Id, () => engine.RequestGates(task.Id, null, new WorkerHost.InProcess()));
        Refused(task.Id, () => engine.Say(task.Id, "Go on.", new WorkerHost.InProcess()));
        File.WriteAllText(GoOn, "");
        await denial;
        Assert.Equal(ClaudeTaskStatus.Rejected, _review.StatusOf(task.Id));
        Assert.Equal("base\n", File.ReadAllText(Repository["a.txt"]));
    }

    [Fact]
    public async Task A_denial_that_a_stop_overtakes_is_refused_and_can_be_made_again()
    {
        var task = RunFilteredTask("clean");

        var denial = _review.RejectAsync(task.Id);
        Until.True(() => File.Exists(Reached), "the denial looks at the files");
        Assert.True(_review.Fixture.Engine.RequestStop(task.Id));
        File.WriteAllText(GoOn, "");

        var error = await Assert.ThrowsAsync<ClaudeTaskException>(() => denial);
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, error.ErrorId);
        Assert.Equal((ClaudeTaskStatus.Cancelled, "task\n"), (_review.StatusOf(task.Id), File.ReadAllText(Repository["a.txt"])));
        await _review.RejectAsync(task.Id);
        Assert.Equal((ClaudeTaskStatus.Rejected, "base\n"), (_review.StatusOf(task.Id), File.ReadAllText(Repository["a.txt"])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_approval_that_a_commit_of_the_user_overtakes_says_so_and_can_be_made_again(bool worktree)
    {
        var task = _review.RunTask(worktree);
        _review.Hook(
            "pre-commit",
            $"""
            [ -e '{Reached}' ] && exit 0
            touch '{Reached}'
            unset $(git rev-parse --local-env-vars)
            git -C '{Repository.Root}' commit --quiet --allow-empty -m 'By the user'

            """);

        var error = await Assert.ThrowsAsync<ClaudeTaskException>(() => _review.ApproveAsync(task.Id));

        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, error.ErrorId);
        Assert.StartsWith($"'{Repository.Root}' got another commit", error.Message, StringComparison.Ordinal);
        Assert.Equal("By the user", Repository.Git("log", "-1", "--format=%s"));
        await _review.ApproveAsync(task.Id);
        Assert.Equal("Message\nBy the user", Repository.Git("log", "-2", "--format=%s"));
        Assert.Equal("?? mine.txt", Repository.Git("status", "--short"));
    }

    [Fact]
    public async Task A_process_of_a_hook_that_refuses_the_commit_is_left_alone()
    {
        var task = _review.RunTask();
        _review.Hook("pre-commit", $"setsid sleep 1000 < /dev/null > /dev/null 2>&1 & echo $! > '{Reached}'; exit 1\n");

        await Assert.ThrowsAsync<ClaudeTaskException>(() => _review.ApproveAsync(task.Id));

        var pid = File.ReadAllText(Reached).Trim();
        Assert.True(Directory.Exists($"/proc/{pid}"), "A process of the user's hook is the user's.");
        TestRepository.Run("/bin/sh", Repository.Root, System.Text.Encoding.UTF8, "-c", $"kill -9 {pid}");
    }

    [Fact]
    public async Task The_cancelled_removal_of_a_session_removes_nothing()
    {
        var task = _review.RunTask();
        await _review.ApproveAsync(task.Id);
        using var stop = new CancellationTokenSource();
        using (_review.HoldDecisionLock(task.Id))
        {
            var removal = _review.Fixture.Engine.Sessions.RemoveAsync("work", Repository.Root, stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal);
        }

        Assert.Equal(ClaudeTaskStatus.Completed, _review.StatusOf(task.Id));
    }

    public void Dispose() => _review.Dispose();

    private static void Refused(int task, Action action)
    {
        var error = Assert.Throws<ClaudeTaskException>(action);
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, error.ErrorId);
        Assert.Equal($"A decision on task {task} is being made at this moment.", error.Message);
    }

    /// <summary>Runs a task on a file whose filter then waits at its first use until the test goes on.</summary>
    private ClaudeTask RunFilteredTask(string filter)
    {
        Repository.Write(".gitattributes", "a.txt filter=slow\n");
        Repository.Commit("Attributes");
        Repository.Write("mine.txt", "mine\n");
        var task = _review.RunTask();
        Repository.Git("config", $"filter.slow.{filter}", $"touch '{Reached}'; until [ -e '{GoOn}' ]; do sleep 0.02; done; cat");
        return task;
    }
}
