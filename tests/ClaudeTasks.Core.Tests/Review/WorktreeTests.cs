using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Tasks with a work tree of their own: the checkout is not touched until an approval brings the work home.</summary>
public sealed class WorktreeTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public WorktreeTests()
    {
        Repository.Write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        Repository.Commit("Base");
    }

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void The_work_lies_on_a_branch_of_its_own_and_the_checkout_is_as_it_was()
    {
        Repository.Write("mine.txt", "uncommitted\n");
        var before = RepositoryState.Of(Repository, withRefs: false);

        var task = Run("Write a note!", Write("note.txt", "x\n"));

        Assert.Equal(
            (Path.Combine(_engine.Home, "worktrees", $"{task.Id}-write-a-note"), $"claude-task/{task.Id}-write-a-note"),
            (task.Worktree, task.Branch));
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(task.Worktree!, "note.txt")));
        Assert.Equal(before, RepositoryState.Of(Repository, withRefs: false));
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Fact]
    public void An_approval_brings_the_work_home_as_one_commit_and_leaves_nothing_behind()
    {
        Repository.Write("mine.txt", "uncommitted\n");
        var task = Run("Do it", Write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9 task\n"), Write("new/b.txt", "b\n"));
        Repository.Write("since.txt", "x\n");
        Repository.Git("add", "since.txt");
        Repository.Git("commit", "--quiet", "-m", "Since", "since.txt");

        var done = Approve(task);

        Assert.Equal((ClaudeTaskStatus.Completed, Repository.Git("rev-parse", "main")), (done.Status, done.CommittedSha));
        Assert.Equal("a.txt\nnew/b.txt", Repository.Git("show", "--format=", "--name-only", "HEAD"));
        Assert.Equal("Since", Repository.Git("log", "-1", "--format=%s", "HEAD^"));
        Assert.Equal("?? mine.txt", Repository.Git("status", "--short"));
        Assert.Equal("b\n", File.ReadAllText(Repository["new/b.txt"]));
        AssertGone(task);
    }

    [Fact]
    public void An_approval_is_undone_with_the_work_tree_back()
    {
        var task = Run("Do it", Write("a.txt", "task\n"), Write("b.txt", "b\n"));
        var before = RepositoryState.Of(Repository);

        Approve(task);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Undo(task.Id).Status);

        Assert.Equal(before, RepositoryState.Of(Repository));
        Assert.Equal("b\n", File.ReadAllText(Path.Combine(task.Worktree!, "b.txt")));
        Assert.Equal(ClaudeTaskStatus.Completed, Approve(task).Status);
    }

    [Fact]
    public void A_rejection_takes_work_tree_and_branch_away_and_can_be_undone()
    {
        var task = Run("Do it", Write("b.txt", "b\n"));
        var before = RepositoryState.Of(Repository, withRefs: false);

        Assert.Equal(ClaudeTaskStatus.Rejected, _engine.Engine.Reject(task.Id, "no", _ => true).Status);
        AssertGone(task);

        _engine.Engine.Undo(task.Id);
        Assert.Equal("b\n", File.ReadAllText(Path.Combine(task.Worktree!, "b.txt")));
        Assert.Equal(before, RepositoryState.Of(Repository, withRefs: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_agent_committed_on_its_branch_comes_back_with_the_branch(bool approve)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The agent's command is a shell's.");
        var task = Run("Do it", Bash("echo b > b.txt; git add b.txt; git commit --quiet -m Own; echo c > c.txt"));
        var before = RepositoryState.Of(Repository);

        _ = approve ? Approve(task) : _engine.Engine.Reject(task.Id, null, _ => true);
        AssertGone(task);
        Assert.Equal(approve, File.Exists(Repository["b.txt"]));
        _engine.Engine.Undo(task.Id);

        Assert.Equal(before, RepositoryState.Of(Repository));
        Assert.Equal("Own", Repository.Git("log", "-1", "--format=%s", task.Branch!));
        Assert.Equal("c\n", File.ReadAllText(Path.Combine(task.Worktree!, "c.txt")));
    }

    [Fact]
    public void Part_of_it_can_be_approved_and_the_rest_rejected()
    {
        var task = Run("Do it", Write("b.txt", "b\n"), Write("c.txt", "c\n"));

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Approve(task.Id, null, path => path == "b.txt", force: false).Status);
        Assert.True(File.Exists(Path.Combine(task.Worktree!, "c.txt")));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Reject(task.Id, null, _ => true).Status);

        Assert.Equal("b.txt", Repository.Git("show", "--format=", "--name-only", "HEAD"));
        AssertGone(task);
    }

    [Fact]
    public void A_conflict_is_found_before_anything_is_changed_and_the_branch_can_be_kept()
    {
        var task = Run("Do it", Write("a.txt", "task\n"));
        Repository.Write("a.txt", "theirs\n");
        Repository.Git("commit", "--quiet", "-m", "Theirs", "a.txt");

        Refused(ClaudeTaskErrorId.MergeConflict, "a.txt", task);

        var kept = _engine.Engine.Approve(task.Id, "Kept", _ => true, force: false, keepBranch: true);
        Assert.Equal(ClaudeTaskStatus.Completed, kept.Status);
        Assert.Equal("Kept", Repository.Git("log", "-1", "--format=%s", task.Branch!));
        Assert.Equal("task", Repository.Git("show", task.Branch + ":a.txt"));
        Assert.Equal("Theirs", Repository.Git("log", "-1", "--format=%s", "HEAD"));
        Assert.False(Directory.Exists(task.Worktree));

        _engine.Engine.Undo(task.Id);
        Assert.Equal("Base", Repository.Git("log", "-1", "--format=%s", task.Branch!));
        Assert.Equal("task\n", File.ReadAllText(Path.Combine(task.Worktree!, "a.txt")));
    }

    [Fact]
    public void My_uncommitted_work_in_the_same_file_is_refused_by_name()
    {
        var task = Run("Do it", Write("a.txt", "task\n"));
        Repository.Write("a.txt", "mine\n");

        Refused(ClaudeTaskErrorId.EditedSince, "a.txt", task);
    }

    [Fact]
    public void My_untracked_file_in_the_place_of_a_new_one_is_refused_by_name()
    {
        var task = Run("Do it", Write("b.txt", "task\n"));
        Repository.Write("b.txt", "mine\n");

        Refused(ClaudeTaskErrorId.EditedSince, "b.txt", task);
    }

    [Fact]
    public void A_branch_that_is_checked_out_nowhere_gets_the_commit_without_a_checkout()
    {
        var task = Run("Do it", Write("b.txt", "b\n"));
        Repository.Git("switch", "--quiet", "-c", "elsewhere");

        Approve(task);

        Assert.Equal("b", Repository.Git("show", "main:b.txt"));
        Assert.False(File.Exists(Repository["b.txt"]));
        Assert.Equal("Base", Repository.Git("log", "-1", "--format=%s"));
    }

    [Fact]
    public void A_branch_that_is_gone_is_a_clear_error()
    {
        var task = Run("Do it", Write("b.txt", "b\n"));
        Repository.Git("switch", "--quiet", "-c", "elsewhere");
        Repository.Git("branch", "-D", "main");

        Refused(ClaudeTaskErrorId.TaskStateConflict, "'main'", task);
    }

    [Fact]
    public void A_hook_that_refuses_leaves_all_as_it_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        var task = Run("Do it", Write("b.txt", "b\n"));
        var hook = Repository[".git/hooks/pre-commit"];
        File.WriteAllText(hook, "#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n");
        System.Diagnostics.Process.Start("chmod", ["+x", hook]).WaitForExit();

        Refused(ClaudeTaskErrorId.CommitRefused, "not on a Friday", task);
        Assert.Equal("refs/heads/" + task.Branch, TestRepository.RunGit(task.Worktree!, "symbolic-ref", "HEAD").Output);
    }

    [Fact]
    public void A_task_that_changes_nothing_leaves_no_work_tree()
    {
        var task = _engine.Run(Request("Look around", []));

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Until.True(() => !Directory.Exists(task.Worktree), "the work tree is gone");
        Until.True(() => Repository.Git("branch", "--list", "claude-task/*") == "", "the branch is gone");
    }

    [Fact]
    public void Removing_the_task_takes_the_work_tree_away_and_follows_no_link_out_of_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        var outside = _engine["outside"];
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "precious.txt"), "x");
        var task = Run("Do it", Bash($"ln -s '{outside}' link; mkdir locked; touch locked/f; chmod 555 locked"));

        _engine.Engine.Remove(task.Id, force: true);

        AssertGone(task);
        Assert.True(File.Exists(Path.Combine(outside, "precious.txt")));
    }

    [Fact]
    public void A_work_tree_that_was_deleted_by_hand_is_approved_from_the_record_or_removed_from_gits_books()
    {
        var task = Run("Do it", Write("b.txt", "b\n"));
        Directory.Delete(task.Worktree!, recursive: true);
        Approve(task);
        Assert.Equal("b\n", File.ReadAllText(Repository["b.txt"]));
        AssertGone(task);

        task = Run("More", Write("c.txt", "c\n"));
        Directory.Delete(task.Worktree!, recursive: true);
        _engine.Engine.Remove(task.Id, force: true);
        AssertGone(task);
    }

    [Fact]
    public void Changes_on_which_nobody_decided_are_not_removed_with_the_task_unless_forced()
    {
        var task = Run("Do it", Write("b.txt", "b\n"));

        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Remove(task.Id));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, error.ErrorId);
        Assert.Contains("b.txt", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(task.Worktree!, "b.txt")));

        _engine.Engine.Reject(task.Id, null, _ => true);
        _engine.Engine.Remove(task.Id);
        AssertGone(task);
    }

    [Fact]
    public void A_work_tree_that_somebody_worked_in_since_is_not_removed_with_its_task_unless_forced()
    {
        var task = Run("Do it", Write("b.txt", "b\n"));
        var mine = Path.Combine(task.Worktree!, "mine.txt");
        File.WriteAllText(mine, "mine\n");

        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Remove(task.Id));
        Assert.Equal(ClaudeTaskErrorId.EditedSince, error.ErrorId);
        Assert.Contains("mine.txt", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(mine));

        _engine.Engine.Remove(task.Id, force: true);
        AssertGone(task);
    }

    [Fact]
    public void A_branch_of_that_name_is_left_alone()
    {
        Repository.Git("branch", "claude-task/1-do-it");

        var task = Run("Do it", Write("b.txt", "b\n"));

        Assert.Equal("claude-task/1-do-it-2", task.Branch);
    }

    [Fact]
    public void Tasks_in_work_trees_run_beside_one_that_waits_and_beside_each_other()
    {
        var waiting = _engine.Run(Steps(Write("shared.txt", "x\n")));
        Assert.True(_engine.HoldsLease(waiting.Id));
        var gate = _engine["gate"];
        var both = new[] { "one", "two" }
            .Select(name => _engine.Start(Request(
                name,
                [
                    Bash(
                        $"touch '{gate}-{name}'; while [ ! -e '{gate}-one' ] || [ ! -e '{gate}-two' ]; do sleep 0.05; done; "
                        + $"echo x > {name}.txt")
                ])))
            .ToList();

        Assert.All(both, task => Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Settled(task.Id).Status));
        Approve(both[0]);
        Approve(both[1]);
        Assert.Equal("one.txt\ntwo.txt", string.Join('\n', Repository.Git("log", "-2", "--format=", "--name-only").Split('\n').Order()));
        Assert.Equal("?? shared.txt", Repository.Git("status", "--short"));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(waiting.Id, null, _ => true, force: false).Status);
    }

    [Fact]
    public void An_approval_that_was_cut_off_before_its_files_followed_is_finished()
    {
        var task = Run("Do it", Write("a.txt", "task\n"), Write("b.txt", "b\n"));
        var before = RepositoryState.Of(Repository, withRefs: false);
        Approve(task);
        var after = RepositoryState.Of(Repository);

        // As it was between the move of the branch and the rest: files and index old, the decision begun.
        Repository.Git("read-tree", "-m", "-u", "HEAD", "HEAD^");
        Assert.Equal(before, RepositoryState.Of(Repository, withRefs: false));
        StoreFixture.Scalar(
            _engine.Engine.Store.Path, $"UPDATE decisions SET state = 0, commit_sha = NULL WHERE task_id = {task.Id} RETURNING id");
        StoreFixture.Scalar(
            _engine.Engine.Store.Path, $"UPDATE tasks SET status = 'approved', committed_sha = NULL WHERE id = {task.Id} RETURNING id");

        var done = Approve(task);

        Assert.Equal((ClaudeTaskStatus.Completed, Repository.Git("rev-parse", "HEAD")), (done.Status, done.CommittedSha));
        Assert.Equal(after, RepositoryState.Of(Repository));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_taking_back_that_was_cut_off_is_finished_by_the_next_decision(bool isBranchMoved)
    {
        var task = Run("Do it", Write("a.txt", "task\n"), Write("b.txt", "b\n"));
        var before = RepositoryState.Of(Repository);
        Approve(task);
        StoreFixture.Scalar(_engine.Engine.Store.Path, $"UPDATE decisions SET state = 2 WHERE task_id = {task.Id} RETURNING id");
        if (isBranchMoved)
        {
            Repository.Git("update-ref", "refs/heads/main", "HEAD^");
        }

        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Undo(task.Id)).ErrorId);

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(task.Id).Status);
        Assert.Equal(before, RepositoryState.Of(Repository));
    }

    [Fact]
    public void A_folder_inside_the_checkout_and_a_dirty_base_are_refused()
    {
        foreach (var request in new[]
        {
            Request("x", []) with { WorktreeFolder = Repository["inside"] },
            Request("x", []) with { AllowDirty = true },
            _engine.Request("x") with { WorktreeFolder = _engine["there"] },
        })
        {
            Assert.Equal(ClaudeTaskErrorId.InvalidArgument, Assert.Throws<ClaudeTaskException>(() => _engine.Start(request)).ErrorId);
        }
    }

    [Fact]
    public void The_users_folder_is_where_the_work_tree_is_made()
    {
        var task = _engine.Run(Request("Do it", [Write("b.txt", "b\n")]) with { WorktreeFolder = _engine["trees"] });

        Assert.Equal(_engine["trees"], Path.GetDirectoryName(task.Worktree));
        Assert.True(File.Exists(Path.Combine(task.Worktree!, "b.txt")));
    }

    public void Dispose() => _engine.Dispose();

    private ClaudeTaskRequest Request(string words, string[] steps) =>
        _engine.Request(words + "\n\n" + Steps(steps)) with { Worktree = true };

    private ClaudeTask Run(string words, params string[] steps)
    {
        var task = _engine.Run(Request(words, steps));
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        return task;
    }

    private ClaudeTask Approve(ClaudeTask task) => _engine.Engine.Approve(task.Id, null, _ => true, force: false);

    private void AssertGone(ClaudeTask task)
    {
        Assert.False(Directory.Exists(task.Worktree));
        Assert.Equal("", Repository.Git("branch", "--list", "claude-task/*"));
        Assert.Single(Repository.Git("worktree", "list").Split('\n'));
    }

    private void Refused(ClaudeTaskErrorId id, string text, ClaudeTask task)
    {
        var before = RepositoryState.Of(Repository);
        var error = Assert.Throws<ClaudeTaskException>(() => Approve(task));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, RepositoryState.Of(Repository));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(task.Id).Status);
        Assert.True(Directory.Exists(task.Worktree));
    }
}
