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

    [Theory]
    [InlineData(false, "unset GIT_INDEX_FILE; ")]
    [InlineData(true, "unset GIT_INDEX_FILE; ")]
    [InlineData(false, "")]
    [InlineData(true, "")]
    public void A_commit_that_a_hook_makes_on_top_stays_and_goes_back_with_the_tasks(bool worktree, string first)
    {
        var task = RunTask("#!/bin/sh\n", worktree);
        AfterCommit(
            $"[ -n \"$BUMPED\" ] && exit 0; export BUMPED=1; {first}echo 2 > version.txt; git add version.txt; git commit -qm Bump\n");
        var (before, head) = (RepositoryState.Of(Repository), Repository.Git("rev-parse", "HEAD"));

        var approved = Approve(task);

        Assert.Equal(ClaudeTaskStatus.Completed, approved.Status);
        Assert.Equal($"{head}", Repository.Git("rev-parse", "HEAD~2"));
        Assert.Equal("Bump\nDo it", Repository.Git("log", "-2", "--format=%s"));
        Assert.Equal(Repository.Git("rev-parse", "HEAD~1"), approved.CommittedSha);
        Assert.Equal("a.txt\nb.txt", Repository.Git("show", "--format=", "--name-only", "HEAD~1"));
        Assert.Equal("version.txt", Repository.Git("show", "--format=", "--name-only", "HEAD"));
        Assert.Equal(("", "2\n"), (Repository.Git("status", "--short"), File.ReadAllText(Repository["version.txt"])));
        Assert.Contains("made a commit of its own on top", Assert.Single(Warnings(task)), StringComparison.Ordinal);

        _engine.Engine.Undo(task.Id);
        Assert.Equal(head, Repository.Git("rev-parse", "HEAD"));
        if (worktree)
        {
            RepositoryState.AssertSame(before, RepositoryState.Of(Repository));
        }
    }

    [Theory]
    [InlineData("git commit -q --amend -m 'Amended' -m \"$(git log -1 --format=%b)\"", "Amended")]
    [InlineData("git commit -q --amend -m 'Without our line'", "Without our line")]
    [InlineData("git tag released", "Do it")]
    public void A_hook_that_amends_or_tags_the_commit_is_followed(string command, string subject)
    {
        var task = RunTask("#!/bin/sh\n");
        AfterCommit($"[ -n \"$ONCE\" ] && exit 0; export ONCE=1; {command}\n");

        var approved = Approve(task);

        Assert.Equal((ClaudeTaskStatus.Completed, Repository.Git("rev-parse", "HEAD")), (approved.Status, approved.CommittedSha));
        Assert.Equal((subject, ""), (Repository.Git("log", "-1", "--format=%s"), Repository.Git("status", "--short")));
    }

    [Fact]
    public void A_hook_that_takes_the_commit_back_is_named_and_the_task_waits_as_before()
    {
        var task = RunTask("#!/bin/sh\n");
        AfterCommit("git reset -q --soft HEAD~1\n");
        var before = RepositoryState.Of(Repository, withRefs: false);

        var error = Assert.Throws<ClaudeTaskException>(() => Approve(task));

        Assert.Equal(ClaudeTaskErrorId.CommitRefused, error.ErrorId);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(task.Id).Status);
        Assert.Contains("took the commit back", error.Message, StringComparison.Ordinal);
        RepositoryState.AssertSame(before, RepositoryState.Of(Repository, withRefs: false));
    }

    [Fact]
    public void The_hooks_of_a_folder_that_git_ignores_run_for_a_worktree_too()
    {
        Repository.Write(".husky/_/.gitignore", "*\n");
        Repository.Git("config", "core.hooksPath", ".husky/_");
        var task = RunTask("#!/bin/sh\n", worktree: true);
        Repository.Write(".husky/_/pre-commit", "#!/bin/sh\necho 'no secrets please'; exit 1\n");
        UnixMode.Set(Repository[".husky/_/pre-commit"], "755");

        var error = Assert.Throws<ClaudeTaskException>(() => Approve(task));

        Assert.Equal(ClaudeTaskErrorId.CommitRefused, error.ErrorId);
        Assert.Contains("no secrets please", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_run_in_the_users_locale_and_messages_are_readable_in_a_clone()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("LC_ALL") == "C", "The locale of this process is what a hook must not have.");
        Repository.Git("config", "i18n.commitEncoding", "ISO-8859-1");
        var task = RunTask($"#!/bin/sh\nenv > '{_engine["env"]}'\n");

        _engine.Engine.Approve(task.Id, "Größe prüfen", _ => true, force: false);

        Assert.DoesNotContain("LC_ALL=C\n", File.ReadAllText(_engine["env"]), StringComparison.Ordinal);
        TestRepository.RunGit(_engine.Home, "clone", "--quiet", Repository.Root, _engine["clone"]);
        Assert.Equal("Größe prüfen", TestRepository.RunGit(_engine["clone"], "log", "-1", "--format=%s").Output);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Undo(task.Id).Status);
    }

    public void Dispose() => _engine.Dispose();

    private void AfterCommit(string script)
    {
        Repository.Write(".git/hooks/post-commit", "#!/bin/sh\n" + script);
        UnixMode.Set(Repository[".git/hooks/post-commit"], "755");
    }

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
