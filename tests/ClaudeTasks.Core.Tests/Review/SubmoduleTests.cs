using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Work inside submodules: no diff of the repository can hold it, so it is told, and never deleted with a work tree.</summary>
public sealed class SubmoduleTests : IDisposable
{
    private const string CheckOut = "git -c protocol.file.allow=always submodule --quiet update --init";

    private const string Commit = "-c user.name=a -c user.email=a@b commit --quiet --allow-empty -m Inside";

    private readonly EngineFixture _engine = new();

    public SubmoduleTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The agent's commands are a Unix shell's.");
        var library = new TestRepository(_engine["library"]);
        Repository.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.Root, "lib");
        Repository.Commit("A submodule");
    }

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_denial_overwrites_nothing_uncommitted_in_a_submodule()
    {
        Repository.Write("lib/mine.txt", "mine\n");
        var commit = _engine.Request(Steps(Bash($"git -C lib {Commit}"), Write("a.txt", "a\n")));
        var task = _engine.Run(commit with { AllowDirty = true });
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);

        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Reject(task.Id, null, _ => true));

        Assert.Contains("The submodule 'lib' has uncommitted work", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine\n", File.ReadAllText(Repository["lib/mine.txt"]));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Reject(task.Id, null, path => path == "a.txt").Status);
    }

    [Fact]
    public void Uncommitted_work_in_a_submodule_is_told_and_stays()
    {
        var task = _engine.Run(Steps(Write("lib/inside.txt", "inside\n")));

        Assert.Equal((ClaudeTaskStatus.Completed, 0), (task.Status, task.FilesChanged));
        Assert.Contains("inside the submodule lib", task.ReasonText, StringComparison.Ordinal);
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning), text => text.EndsWith("in the submodule lib", StringComparison.Ordinal));
        Assert.True(File.Exists(Repository["lib/inside.txt"]));
    }

    [Theory]
    [InlineData("echo inside > lib/inside.txt", "lib")]
    [InlineData($"git -C lib {Commit}; git -C lib checkout --quiet HEAD^", "lib")]
    [InlineData("git init --quiet nested && echo inside > nested/inside.txt", "nested")]
    [InlineData("git init --quiet nested && echo inside > nested/inside.txt && echo broken > nested/.git/index", "nested")]
    [InlineData($"git init --quiet nested && git -C nested {Commit} && git -C nested checkout --quiet --orphan empty", "nested")]
    [InlineData("git -C lib config status.showUntrackedFiles no && echo inside > lib/inside.txt", "lib")]
    public void A_work_tree_whose_submodule_has_work_of_its_own_is_kept(string command, string where)
    {
        var task = _engine.Run(_engine.Request(Steps(Bash($"{CheckOut} && {command}"), Write("a.txt", "a\n"))) with { Worktree = true });
        if (task.Status == ClaudeTaskStatus.WaitingApproval)
        {
            task = _engine.Engine.Approve(task.Id, null, path => path == "a.txt", force: false);
            task = task.Status == ClaudeTaskStatus.Completed ? task : _engine.Engine.Approve(task.Id, null, _ => true, force: false);
        }

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.True(Directory.Exists(Path.Combine(task.Worktree!, where)));
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning),
            text => text.Contains($"was kept: its submodule {where}", StringComparison.Ordinal));
        Assert.Equal(ClaudeTaskErrorId.EditedSince, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Remove(task.Id)).ErrorId);

        _engine.Engine.Remove(task.Id, force: true);
        Assert.False(Directory.Exists(task.Worktree));
    }

    [Fact]
    public void A_work_tree_is_kept_for_work_in_a_submodule_that_git_is_set_to_ignore()
    {
        var deep = new TestRepository(_engine["deep"]);
        var library = new TestRepository(_engine["library"], withCommit: false);
        library.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", deep.Root, "deep");
        library.Git("config", "--file", ".gitmodules", "submodule.deep.ignore", "all");
        var commit = library.Commit("A submodule that is ignored");
        Assert.Equal(0, TestRepository.RunGit(Repository["lib"], "fetch", "--quiet").ExitCode);
        Assert.Equal(0, TestRepository.RunGit(Repository["lib"], "checkout", "--quiet", commit).ExitCode);
        Repository.Commit("A newer submodule");

        var task = _engine.Run(_engine.Request(
            Steps(Bash($"{CheckOut} --recursive && echo inside > lib/deep/inside.txt"), Write("a.txt", "a\n"))) with { Worktree = true });
        task = _engine.Engine.Approve(task.Id, null, _ => true, force: false);

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.True(File.Exists(Path.Combine(task.Worktree!, "lib/deep/inside.txt")));
        _engine.Engine.Remove(task.Id, force: true);
    }

    [Fact]
    public void A_commit_in_a_submodule_has_to_be_brought_home_before_the_approval()
    {
        var task = _engine.Run(_engine.Request(Steps(Bash($"{CheckOut} && git -C lib {Commit}"))) with { Worktree = true });

        var before = RepositoryState.Of(Repository);
        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false));
        Assert.Contains("submodule 'lib'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, RepositoryState.Of(Repository));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(task.Id).Status);

        var command = error.RecommendedAction!["Bring it there: ".Length..];
        Assert.Equal(0, TestRepository.Run("sh", Repository.Root, System.Text.Encoding.UTF8, "-c", command).ExitCode);
        File.WriteAllText(Repository["lib/mine.txt"], "mine\n");
        Assert.Equal(
            ClaudeTaskErrorId.EditedSince,
            Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false)).ErrorId);

        File.Delete(Repository["lib/mine.txt"]);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
        Assert.Equal(
            ("", "Inside"),
            (Repository.Git("status", "--short"), TestRepository.RunGit(Repository["lib"], "log", "-1", "--format=%s").Output));
    }

    [Fact]
    public void A_work_tree_whose_submodule_was_only_looked_at_goes()
    {
        var task = _engine.Run(_engine.Request(Steps(Bash(CheckOut), Write("a.txt", "a\n"))) with { Worktree = true });

        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);

        Assert.False(Directory.Exists(task.Worktree));
    }

    public void Dispose() => _engine.Dispose();
}
