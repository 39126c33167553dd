using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Tasks that an agent or a hook starts: each is a task of its own, and outlives the program that started it.</summary>
public sealed class NestedTaskTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    public NestedTaskTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are a Unix shell's.");

    [Fact]
    public void A_task_that_an_agent_starts_outlives_the_task_of_that_agent()
    {
        var start = NestedRun(new TestRepository(_processes["other"]));

        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps(Bash(start), Says("Started."))).WaitForExit());
        File.WriteAllText(_processes["go on"], "");

        var nested = _processes.Settled(2);
        Assert.True(nested.Status == ClaudeTaskStatus.Completed, nested.ReasonText);
        Assert.Equal("Nested.", nested.Result);
    }

    [Fact]
    public async Task A_task_that_a_hook_starts_outlives_the_approval_that_is_cancelled()
    {
        using var review = new ReviewFixture();
        var task = review.RunTask();
        var start = NestedRun(new TestRepository(_processes["other"]));
        review.Hook(
            "pre-commit",
            $"export CLAUDETASKS_HOME='{Path.GetDirectoryName(_processes.StorePath)}'\n"
                + $"{start}\ntouch '{_processes["started"]}'\nsleep 1000\n");
        using var stop = new CancellationTokenSource();

        var approval = review.ApproveAsync(task.Id, cancellation: stop.Token);
        _processes.Reach("started");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => approval);
        File.WriteAllText(_processes["go on"], "");

        var nested = _processes.Settled(1);
        Assert.True(nested.Status == ClaudeTaskStatus.Completed, nested.ReasonText);
    }

    public void Dispose() => _processes.Dispose();

    /// <summary>
    /// A command that starts a task, waits until its agent is at work, and ends the front end, which would follow the task.
    /// </summary>
    private string NestedRun(TestRepository repository)
    {
        var (prompt, reached) = (_processes["prompt"], _processes["reached"]);
        File.WriteAllText(prompt, Steps(Pause(reached, _processes["go on"]), Says("Nested.")), new UTF8Encoding(false));
        return $"'{FrontEnd.Program}' run --claude-path '{Program}' -C '{repository.Root}' - < '{prompt}' > /dev/null & "
            + $"while [ ! -e '{reached}' ]; do sleep 0.05; done; kill -9 $!";
    }
}
