using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Approving with no person asked: what was proved, and nothing else.</summary>
public sealed class AutoApproveTests : IDisposable
{
    private readonly GateFixture _gates = new();

    private TestRepository Repository => _gates.Repository;

    [Fact]
    public void A_result_that_passed_is_committed_and_pushed_nowhere()
    {
        TestRepository.RunGit(_gates.Fixture.Home, "init", "--quiet", "--bare", _gates.Fixture["remote.git"]);
        Repository.Git("remote", "add", "origin", _gates.Fixture["remote.git"]);
        Repository.Git("push", "--quiet", "--set-upstream", "origin", "HEAD");
        var pushed = Repository.Git("rev-parse", "@{upstream}");
        _gates.Register("build", "true");

        var task = _gates.Run(new TaskSettings { AutoApprove = true });

        Assert.Equal((ClaudeTaskStatus.Completed, Repository.Git("rev-parse", "HEAD")), (task.Status, task.CommittedSha));
        Assert.Equal(pushed, Repository.Git("ls-remote", "origin").Split('\t')[0]);
        Assert.Equal(pushed, Repository.Git("rev-parse", "@{upstream}"));
        Assert.False(_gates.Fixture.HoldsLease(task.Id));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _gates.Fixture.Engine.Undo(task.Id).Status);
    }

    [Theory]
    [InlineData(false, ClaudeTaskStatus.WaitingApproval)]
    [InlineData(true, ClaudeTaskStatus.Completed)]
    public void Without_a_gate_nothing_is_committed_unless_that_is_allowed(bool allow, ClaudeTaskStatus expected)
    {
        var task = _gates.Run(new TaskSettings { AutoApprove = true, AllowNoGate = allow });

        Assert.Equal(expected, task.Status);
        Assert.Equal(
            !allow,
            _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Warning)
                .Any(text => text.StartsWith("Not approved: no gate", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_optional_gate_that_fails_does_not_hold_it_back()
    {
        _gates.Register("lint", "exit 1", gate => gate with { IsRequired = false });
        _gates.Register("build", "true");

        Assert.Equal(ClaudeTaskStatus.Completed, _gates.Run(new TaskSettings { AutoApprove = true }).Status);
    }

    [Fact]
    public void A_gate_that_failed_proves_nothing_even_when_it_is_optional()
    {
        _gates.Register("lint", "exit 1", gate => gate with { IsRequired = false });

        var task = _gates.Run(new TaskSettings { AutoApprove = true });

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.StartsWith("Not approved: no gate proved the result", task.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_gate_leaves_the_decision_to_a_person()
    {
        _gates.Register("build", "exit 1");

        Assert.Equal(ClaudeTaskStatus.QaFailed, _gates.Run(new TaskSettings { AutoApprove = true }).Status);
    }

    [Fact]
    public void A_hook_that_refuses_leaves_the_decision_to_a_person()
    {
        _gates.Register("build", "true");
        File.WriteAllText(Repository[".git/hooks/pre-commit"], "#!/bin/sh\necho 'not today' >&2\nexit 1\n");
        System.Diagnostics.Process.Start("chmod", ["+x", Repository[".git/hooks/pre-commit"]]).WaitForExit();

        var task = _gates.Run(new TaskSettings { AutoApprove = true });

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Contains(
            _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Error), text => text.Contains("not today", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gate_that_changes_the_tasks_own_files_leaves_the_decision_to_a_person()
    {
        _gates.Register("format", "echo formatted >> a.txt");

        var task = _gates.Run(new TaskSettings { AutoApprove = true });

        // What would be committed is not what the gate left: the one was not proved, the other is not the task's.
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Equal(["a.txt"], Assert.Single(_gates.Results(task)).ChangedFiles);
        Assert.Contains(
            _gates.Fixture.Texts(task.Id, ClaudeTaskEventKind.Error),
            text => text.Contains("left alone: a.txt (by the gate 'format')", StringComparison.Ordinal));
        Assert.Equal("task\nformatted\n", File.ReadAllText(Repository["a.txt"]));
    }

    [Fact]
    public void Stopping_an_automatic_approval_ends_its_hook_and_leaves_no_commit()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        var (head, began) = (Repository.Git("rev-parse", "HEAD"), _gates.Fixture["began"]);
        Repository.Write(".git/hooks/pre-commit", $"#!/bin/sh\ntouch '{began}'\nsleep 1000\n");
        UnixMode.Set(Repository[".git/hooks/pre-commit"], "755");
        var task = _gates.Fixture.Start(
            _gates.Fixture.Request(Simulated.Steps(Simulated.Write("a.txt", "a\n"))) with { AutoApprove = true, AllowNoGate = true });
        Until.True(() => File.Exists(began), "the hook has begun");

        Assert.True(_gates.Fixture.Engine.RequestStop(task.Id));

        Assert.Equal(ClaudeTaskStatus.Cancelled, _gates.Fixture.Settled(task.Id).Status);
        Assert.Equal((head, "?? a.txt"), (Repository.Git("rev-parse", "HEAD"), Repository.Git("status", "--short")));
    }

    public void Dispose() => _gates.Dispose();
}
