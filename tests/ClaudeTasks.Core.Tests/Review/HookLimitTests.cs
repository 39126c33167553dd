using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Hooks that sleep, fork, lock, fail or kill git: a decision ends, and the repository is as before it or as after it.</summary>
public sealed class HookLimitTests : IDisposable
{
    private readonly ReviewFixture _review = new();

    public HookLimitTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The hooks are shell scripts.");

    private TestRepository Repository => _review.Repository;

    private string Marker => _review.Fixture["hook-began"];

    [Theory]
    [InlineData("pre-commit", false)]
    [InlineData("commit-msg", false)]
    [InlineData("pre-commit", true)]
    public async Task A_cancelled_approval_ends_a_hook_that_sleeps_and_changes_nothing(string hook, bool worktree)
    {
        var task = _review.RunTask(worktree);
        var before = RepositoryState.Of(Repository);
        _review.Hook(hook, $"setsid sleep 1000 & echo $! > '{Marker}'; sleep 1000\n");
        using var stop = new CancellationTokenSource();

        var approval = _review.ApproveAsync(task.Id, cancellation: stop.Token);
        Until.True(() => File.Exists(Marker) && File.ReadAllText(Marker).EndsWith('\n'), "the hook has begun");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => approval);
        Until.True(() => !IsAlive(Marker), "the process that the hook detached has ended");
        RepositoryState.AssertSame(before, RepositoryState.Of(Repository));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _review.StatusOf(task.Id));
        File.Delete(Repository[$".git/hooks/{hook}"]);
        await _review.ApproveAsync(task.Id);
        Assert.Equal("task", Repository.Git("show", "HEAD:a.txt"));
    }

    [Fact]
    public async Task A_cancelled_approval_is_complete_where_the_commit_was_made_already()
    {
        var task = _review.RunTask();
        _review.Hook("post-commit", $"echo x > '{Marker}'; sleep 1000\n");
        using var stop = new CancellationTokenSource();

        var approval = _review.ApproveAsync(task.Id, cancellation: stop.Token);
        Until.True(() => File.Exists(Marker), "the hook has begun");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => approval);
        Assert.Equal(ClaudeTaskStatus.Completed, _review.StatusOf(task.Id));
        Assert.Equal(("task", "?? mine.txt"), (Repository.Git("show", "HEAD:a.txt"), Repository.Git("status", "--short")));
    }

    [Fact]
    public async Task A_hook_over_its_limit_is_ended_and_named()
    {
        var task = _review.RunTask();
        var before = RepositoryState.Of(Repository);
        _review.Hook("pre-commit", "sleep 1000\n");
        var begun = new List<string>();

        var error = await Assert.ThrowsAsync<ClaudeTaskException>(
            () => _review.ApproveAsync(task.Id, new HookLimits(TimeSpan.FromSeconds(3), name => { lock (begun) { begun.Add(name); } })));

        Assert.Equal(ClaudeTaskErrorId.CommitRefused, error.ErrorId);
        Assert.Contains("The hook 'pre-commit' ran longer than", error.Message, StringComparison.Ordinal);
        Assert.Equal(["pre-commit"], begun);
        RepositoryState.AssertSame(before, RepositoryState.Of(Repository));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _review.StatusOf(task.Id));
    }

    [Fact]
    public async Task A_hook_over_its_limit_is_ended_even_if_the_trace_of_git_cannot_be_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A file in /proc that nobody can read.");
        var task = _review.RunTask();
        _review.Hook("pre-commit", "ln -sf /proc/self/mem \"$GIT_TRACE2_EVENT\"; sleep 1000\n");

        var error = await Assert.ThrowsAsync<ClaudeTaskException>(
            () => _review.ApproveAsync(task.Id, new HookLimits(TimeSpan.FromSeconds(3))));

        Assert.Equal(ClaudeTaskErrorId.CommitRefused, error.ErrorId);
        Assert.Contains("ran longer than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_commit_hook_over_its_limit_leaves_a_complete_approval_with_a_warning()
    {
        var task = _review.RunTask();
        _review.Hook("post-commit", "sleep 1000\n");

        await _review.ApproveAsync(task.Id, new HookLimits(TimeSpan.FromSeconds(3)));

        Assert.Equal(ClaudeTaskStatus.Completed, _review.StatusOf(task.Id));
        Assert.Contains(
            _review.Fixture.Texts(task.Id, ClaudeTaskEventKind.Warning),
            text => text.Contains("'post-commit' ran longer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_approval_does_not_wait_for_a_process_that_a_hook_leaves_behind()
    {
        var task = _review.RunTask();
        _review.Hook("post-commit", $"sleep 1000 & echo $! > '{Marker}'\n");

        await _review.ApproveAsync(task.Id);

        Assert.Equal(ClaudeTaskStatus.Completed, _review.StatusOf(task.Id));
        Assert.True(IsAlive(Marker), "A process of the user's hook is the user's.");
        TestRepository.Run("/bin/sh", Repository.Root, System.Text.Encoding.UTF8, "-c", $"kill -9 $(cat '{Marker}')");
    }

    [Fact]
    public async Task A_lock_that_a_hook_leaves_on_the_index_is_named_and_the_approval_is_completed_without_it()
    {
        var task = _review.RunTask();
        _review.Hook("post-commit", "touch .git/index.lock\n");

        var error = await Assert.ThrowsAsync<ClaudeTaskException>(() => _review.ApproveAsync(task.Id));

        Assert.Contains("is committed as", error.Message, StringComparison.Ordinal);
        Assert.Equal(ClaudeTaskStatus.Approved, _review.StatusOf(task.Id));
        File.Delete(Repository[".git/index.lock"]);
        await _review.ApproveAsync(task.Id);
        Assert.Equal((ClaudeTaskStatus.Completed, "?? mine.txt"), (_review.StatusOf(task.Id), Repository.Git("status", "--short")));
        Assert.Equal("1", Repository.Git("rev-list", "--count", $"--grep=Claude-Task: {task.TaskId}", "HEAD"));
    }

    [Theory]
    [InlineData("pre-commit", "echo refused >&2; exit 1")]
    [InlineData("pre-commit", "kill -9 $PPID")]
    [InlineData("commit-msg", "kill -9 $PPID")]
    public async Task A_hook_that_fails_or_kills_git_leaves_everything_as_it_was(string hook, string script)
    {
        var task = _review.RunTask();
        var before = RepositoryState.Of(Repository);
        _review.Hook(hook, script + "\n");

        var error = await Assert.ThrowsAsync<ClaudeTaskException>(() => _review.ApproveAsync(task.Id));

        Assert.Equal(ClaudeTaskErrorId.CommitRefused, error.ErrorId);
        RepositoryState.AssertSame(before, RepositoryState.Of(Repository));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _review.StatusOf(task.Id));
    }

    [Fact]
    public async Task A_post_commit_hook_that_kills_git_leaves_a_complete_approval()
    {
        var task = _review.RunTask();
        _review.Hook("post-commit", "kill -9 $PPID\n");

        await _review.ApproveAsync(task.Id);

        Assert.Equal((ClaudeTaskStatus.Completed, "?? mine.txt"), (_review.StatusOf(task.Id), Repository.Git("status", "--short")));
    }

    [Fact]
    public async Task No_scratch_folder_stays_behind_a_decision()
    {
        var task = _review.RunTask();

        await _review.RejectAsync(task.Id);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_review.Workspaces));
    }

    public void Dispose() => _review.Dispose();

    private static bool IsAlive(string pidFile) => File.Exists($"/proc/{File.ReadAllText(pidFile).Trim()}/stat")
        && !File.ReadAllText($"/proc/{File.ReadAllText(pidFile).Trim()}/stat").Contains(") Z", StringComparison.Ordinal);
}
