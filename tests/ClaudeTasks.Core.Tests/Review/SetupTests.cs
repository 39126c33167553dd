using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>
/// A task that changes its repository's setup is warned of. Its approval needs force, and its denial puts the setup back.
/// </summary>
public sealed class SetupTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public SetupTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The agent's commands are shell's.");

    private TestRepository Repository => _engine.Repository;

    [Theory]
    [InlineData("git config core.hooksPath /dev/null", "core.hookspath is '/dev/null' instead of not set")]
    [InlineData("git config user.name Somebody", "user.name is 'Somebody' instead of 'Test'")]
    [InlineData("git config --add user.email other@example.com", "user.email is 'test@example.com")]
    [InlineData("git config filter.x.clean 'cat'", "filter.x.clean was added")]
    [InlineData("git switch -q -c side", "the branch 'side' is checked out instead of 'main'")]
    [InlineData("printf '#!/bin/sh\\n' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit", ".git/hooks/pre-commit was added")]
    public void What_decides_a_commit_is_told_stops_an_approval_and_goes_back_with_a_denial(string command, string text)
    {
        var (config, branch) = (File.ReadAllText(Repository[".git/config"]), Repository.Git("branch", "--show-current"));
        var task = _engine.Run(Steps(Bash(command), Write("new.txt", "new\n")));

        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning), warning => warning.Contains(text, StringComparison.Ordinal));
        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Equal(config, File.ReadAllText(Repository[".git/config"]));
        Assert.Equal(branch, Repository.Git("branch", "--show-current"));
        Assert.False(File.Exists(Repository[".git/hooks/pre-commit"]));
    }

    [Theory]
    [InlineData("git config http.proxy http://user:secret@proxy", "http.proxy was added")]
    [InlineData("echo evil.txt >> .git/info/exclude", ".git/info/exclude was changed")]
    public void Whatever_else_changed_is_told_without_its_value(string command, string text)
    {
        var task = _engine.Run(Steps(Bash(command), Write("new.txt", "new\n")));

        var warning = Assert.Single(_engine.Texts(task.Id, ClaudeTaskEventKind.Warning));
        Assert.Contains(text, warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
    }

    [Fact]
    public void An_operation_that_the_agent_left_in_progress_is_told()
    {
        Diverge("readme.md", "readme.md");

        var task = _engine.Run(Steps(Bash("git merge side || true")));

        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning), text => text.Contains("a merge is in progress", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_user_changed_after_the_task_is_the_users()
    {
        var task = _engine.Run(Steps(Bash("git config user.name Somebody"), Write("new.txt", "new\n")));
        Repository.Git("config", "user.name", "Me");
        Repository.Write(".git/hooks/pre-commit", "#!/bin/sh\n");
        UnixMode.Set(Repository[".git/hooks/pre-commit"], "755");

        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
        _engine.Engine.Undo(task.Id);
        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal("Me", Repository.Git("config", "user.name"));
        Assert.True(File.Exists(Repository[".git/hooks/pre-commit"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_denial_takes_nothing_of_the_users_who_worked_beside_the_task(bool worktree)
    {
        var (reached, go) = (_engine["reached"], _engine["go"]);
        var work = Steps(Pause(reached, go), Write("new.txt", "new\n"));
        var task = _engine.Start(_engine.Request(work) with { Worktree = worktree });
        Until.True(() => File.Exists(reached), "the agent is at work");
        Repository.Git("remote", "add", "origin", "/nowhere");
        Repository.Git("config", "alias.st", "status");
        Repository.Write(".git/hooks/pre-push", "#!/bin/sh\n");
        File.WriteAllText(go, "");
        _engine.Settled(task.Id);

        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal(("/nowhere", "status"), (Repository.Git("remote", "get-url", "origin"), Repository.Git("config", "alias.st")));
        Assert.Equal(worktree, File.Exists(Repository[".git/hooks/pre-push"]));
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning),
            text => text.Contains("not put back: alias.st was added", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_of_the_agents_that_a_gate_runs_is_no_way_around()
    {
        var gate = new ClaudeTaskGate { Name = "test", Kind = ClaudeTaskGateKind.CommandLine, Command = "sh ./test.sh" };
        await _engine.Engine.Gates.RegisterAsync(gate, default);
        var work = Steps(Write("test.sh", "git config user.name Evil\n"));

        var task = _engine.Run(_engine.Request(work) with { AutoApprove = true });

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Contains("user.name is 'Evil'", task.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void Commits_of_the_users_that_the_agent_dropped_are_missed()
    {
        Repository.Write("second.txt", "second\n");
        Repository.Commit("Second");
        var task = _engine.Run(Steps(Bash("git reset -q --hard HEAD~1"), Write("new.txt", "new\n")));

        var error = Assert.Throws<ClaudeTaskException>(
            () => _engine.Engine.Approve(task.Id, null, path => path == "new.txt", force: false));

        Assert.Contains("is no longer below HEAD", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_that_the_agent_began_does_not_go_into_the_users_next_commit()
    {
        Diverge("side.txt", "main.txt");
        var task = _engine.Run(Steps(Bash("git merge -q --no-commit side")));

        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal("", Repository.Git("status", "--short"));
        Assert.False(File.Exists(Repository[".git/MERGE_HEAD"]));
    }

    [Fact]
    public void Force_commits_with_what_the_task_set_up()
    {
        var task = _engine.Run(Steps(Bash("git config user.name Somebody"), Write("new.txt", "new\n")));

        _engine.Engine.Approve(task.Id, null, _ => true, force: true);

        Assert.Equal("Somebody", Repository.Git("log", "-1", "--format=%an"));
    }

    [Fact]
    public void A_repository_that_calls_itself_bare_says_how_to_go_on()
    {
        var task = _engine.Run(Steps(Write("new.txt", "new\n"), Bash("git config core.bare true")));
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning), text => text.Contains("core.bare is 'true'", StringComparison.Ordinal));

        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Reject(task.Id, null, _ => true));
        Assert.Contains("core.bare false", error.RecommendedAction, StringComparison.Ordinal);
        Repository.Git("config", "core.bare", "false");
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.False(File.Exists(Repository["new.txt"]));
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>Makes a branch <c>side</c> and <c>main</c> each commit a file of its own text.</summary>
    private void Diverge(string onSide, string onMain)
    {
        Repository.Git("switch", "--quiet", "--create", "side");
        Repository.Write(onSide, "side\n");
        Repository.Commit("Side");
        Repository.Git("switch", "--quiet", "main");
        Repository.Write(onMain, "main\n");
        Repository.Commit("Main");
    }
}
