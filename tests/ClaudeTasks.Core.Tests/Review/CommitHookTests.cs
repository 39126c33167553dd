using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Hooks of the user's that change what is committed: index and files follow them, and what they add is told.</summary>
public sealed class CommitHookTests : IDisposable
{
    private const string Format = "#!/bin/sh\nfor f in a.txt; do tr a-z A-Z < $f > $f.tmp && mv $f.tmp $f; git add $f; done\n";

    private readonly EngineFixture _engine = new();

    public CommitHookTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The hooks are shell scripts.");

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_file_that_a_hook_formats_is_clean_after_the_commit()
    {
        var task = RunTask(Format);

        var approved = Approve(task);

        Assert.Equal(("TASK", ""), (Repository.Git("show", "HEAD:a.txt"), Repository.Git("status", "--short")));
        Assert.Contains("A hook committed its own version of a.txt", Assert.Single(Warnings(task)), StringComparison.Ordinal);
        Assert.Equal(ClaudeTaskStatus.Completed, approved.Status);

        _engine.Engine.Undo(task.Id);
        Assert.Equal((" M a.txt\n?? b.txt", "base"), (Repository.Git("status", "--short"), Repository.Git("show", ":a.txt")));
    }

    [Fact]
    public void A_commit_from_a_work_tree_brings_home_what_the_hook_made_of_it()
    {
        var task = RunTask(Format, worktree: true);

        Approve(task);

        Assert.Equal(("TASK\n", ""), (File.ReadAllText(Repository["a.txt"]), Repository.Git("status", "--short")));
        _engine.Engine.Undo(task.Id);
        Assert.Equal(("base\n", ""), (File.ReadAllText(Repository["a.txt"]), Repository.Git("status", "--short")));
    }

    [Fact]
    public void Work_of_the_users_that_a_hook_commits_along_is_told_and_comes_back()
    {
        var task = RunTask("#!/bin/sh\ngit add --all\n");
        Repository.Write("mine.txt", "mine\n");

        Approve(task);

        Assert.Equal("a.txt\nb.txt\nmine.txt", Repository.Git("show", "--format=", "--name-only", "HEAD"));
        Assert.Equal("", Repository.Git("status", "--short"));
        Assert.Contains("committed more than the task's work: mine.txt", Assert.Single(Warnings(task)), StringComparison.Ordinal);
        _engine.Engine.Undo(task.Id);
        Assert.Equal(" M a.txt\n?? b.txt\n?? mine.txt", Repository.Git("status", "--short"));
        Assert.Equal("mine\n", File.ReadAllText(Repository["mine.txt"]));
    }

    [Fact]
    public void A_file_that_a_hook_makes_in_a_work_tree_comes_home_unless_it_is_in_the_way()
    {
        const string Generate = "#!/bin/sh\necho made > made.txt; echo other > mine.txt; git add made.txt mine.txt\n";
        var task = RunTask(Generate, worktree: true);
        Repository.Write("mine.txt", "mine\n");

        Approve(task);

        Assert.Equal(
            ("made\n", "mine\n", "other"),
            (File.ReadAllText(Repository["made.txt"]), File.ReadAllText(Repository["mine.txt"]), Repository.Git("show", "HEAD:mine.txt")));
        Assert.Equal(" M mine.txt", Repository.Git("status", "--short"));
    }

    public void Dispose() => _engine.Dispose();

    private IReadOnlyList<string> Warnings(ClaudeTask task) =>
        [.. _engine.Texts(task.Id, ClaudeTaskEventKind.Warning).Where(text => text.Contains("hook", StringComparison.Ordinal))];

    private ClaudeTask Approve(ClaudeTask task) => _engine.Engine.Approve(task.Id, null, _ => true, force: false);

    private ClaudeTask RunTask(string hook, bool worktree = false)
    {
        Repository.Write("a.txt", "base\n");
        Repository.Commit("Base");
        var task = _engine.Run(_engine.Request(Steps(Write("a.txt", "task\n"), Write("b.txt", "new\n"))) with { Worktree = worktree });
        File.WriteAllText(Repository[".git/hooks/pre-commit"], hook);
        UnixMode.Set(Repository[".git/hooks/pre-commit"], "755");
        return task;
    }
}
