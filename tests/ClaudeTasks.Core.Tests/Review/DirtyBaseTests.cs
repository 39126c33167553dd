using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Tasks that begin on uncommitted work: it is never part of the diff, of the commit, or of what is put back.</summary>
public sealed class DirtyBaseTests : IDisposable
{
    private const string Twenty = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n";

    private readonly EngineFixture _engine = new();

    public DirtyBaseTests()
    {
        Repository.Write("a.txt", Twenty);
        Repository.Write("other.txt", "other\n");
        Repository.Commit("Base");
    }

    private TestRepository Repository => _engine.Repository;

    private static string Mine => Twenty.Replace("2\n3\n", "2 mine\n3\n", StringComparison.Ordinal);

    private static string Both => Mine.Replace("19\n", "19 task\n", StringComparison.Ordinal);

    [Fact]
    public void Without_the_switch_uncommitted_work_is_refused_by_name()
    {
        Repository.Write("a.txt", Mine);

        var task = _engine.Run(Steps(Write("b.txt", "x\n")));

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed), (task.Status, task.Reason));
        Assert.Contains("a.txt", task.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_diff_holds_the_tasks_own_work_and_the_other_sets_stand_beside_it()
    {
        Repository.Write("a.txt", Mine);
        Repository.Write("untracked.txt", "mine\n");
        var task = Run(Write("a.txt", Both));
        Repository.Write("later.txt", "later\n");

        var change = Assert.Single(_engine.Engine.GetChanges(task.Id));
        Assert.Equal(("a.txt", 1, 1), (change.Path, change.Additions, change.Deletions));
        Assert.DoesNotContain(
            "mine", string.Concat(change.Patch.Split('\n').Where(line => line.StartsWith('+'))), StringComparison.Ordinal);
        Assert.Equal(["a.txt", "untracked.txt"], Paths(task, ClaudeTaskChangeSource.Before));
        Assert.Equal(["later.txt"], Paths(task, ClaudeTaskChangeSource.Meanwhile));
        Assert.All(
            _engine.Engine.GetChanges(task.Id, ClaudeTaskChangeSource.Before),
            item => Assert.Equal(ClaudeTaskChangeSource.Before, item.Source));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_approval_commits_the_tasks_part_of_a_file_and_leaves_mine_uncommitted(bool staged)
    {
        Repository.Write("a.txt", Mine);
        if (staged)
        {
            Repository.Git("add", "a.txt");
        }

        var task = Run(Write("a.txt", Both));
        var before = RepositoryState.Of(Repository);

        Approve(task);

        Assert.Equal(Twenty.Replace("19\n", "19 task\n", StringComparison.Ordinal).TrimEnd('\n'), Repository.Git("show", "HEAD:a.txt"));
        Assert.Equal(Both, File.ReadAllText(Repository["a.txt"]));
        Assert.Equal(staged ? "M  a.txt" : " M a.txt", Repository.Git("status", "--short"));
        Assert.Contains("+2 mine", Repository.Git("diff", "HEAD"), StringComparison.Ordinal);
        Assert.DoesNotContain("missing", Repository.Git("fsck", "--no-dangling"), StringComparison.Ordinal);
        Assert.DoesNotContain("task", Repository.Git("diff", "-U0", "HEAD"), StringComparison.Ordinal);

        _engine.Engine.Undo(task.Id);
        Assert.Equal(before, RepositoryState.Of(Repository));
    }

    [Fact]
    public void A_rejection_puts_my_uncommitted_version_back()
    {
        Repository.Write("a.txt", Mine);
        var before = RepositoryState.Of(Repository);
        var task = Run(Write("a.txt", Both), Write("b.txt", "new\n"));

        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal(before, RepositoryState.Of(Repository));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Undo(task.Id).Status);
        Assert.Equal(Both, File.ReadAllText(Repository["a.txt"]));
    }

    [Fact]
    public void Work_in_the_same_lines_cannot_be_told_apart_and_is_refused_until_forced()
    {
        Repository.Write("a.txt", Mine);
        var task = Run(Write("a.txt", Mine.Replace("2 mine", "2 mine and task", StringComparison.Ordinal)), Write("b.txt", "new\n"));
        var before = RepositoryState.Of(Repository);

        var error = Assert.Throws<ClaudeTaskException>(() => Approve(task));

        Assert.Equal(ClaudeTaskErrorId.MergeConflict, error.ErrorId);
        Assert.Contains("a.txt", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, RepositoryState.Of(Repository));

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Approve(task.Id, null, path => path == "b.txt", force: false).Status);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: true).Status);
        Assert.Contains("2 mine and task", Repository.Git("show", "HEAD:a.txt"), StringComparison.Ordinal);
        Assert.Equal("", Repository.Git("status", "--short"));
    }

    [Fact]
    public void An_untracked_file_of_mine_that_the_task_changed_is_not_committed_in_passing()
    {
        Repository.Write("draft.txt", Mine);
        var task = Run(Write("draft.txt", Both));

        Assert.Equal(ClaudeTaskErrorId.MergeConflict, Assert.Throws<ClaudeTaskException>(() => Approve(task)).ErrorId);
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Equal(Mine, File.ReadAllText(Repository["draft.txt"]));
    }

    [Fact]
    public void Once_I_have_committed_my_work_the_tasks_is_committed_on_top()
    {
        Repository.Write("a.txt", Mine);
        var task = Run(Write("a.txt", Both));
        Repository.Write("a.txt", Mine);
        Repository.Git("commit", "--quiet", "-m", "Mine", "a.txt");
        Repository.Write("a.txt", Both);

        Approve(task);

        Assert.Equal("", Repository.Git("status", "--short"));
        Assert.Equal("Mine", Repository.Git("log", "-1", "--format=%s", "HEAD^"));
        Assert.Equal("1\t1\ta.txt", Repository.Git("show", "--format=", "--numstat", "HEAD"));
    }

    [Fact]
    public void What_somebody_commits_while_the_task_runs_is_not_the_tasks()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The other person is a shell script.");
        var script = _engine["other.sh"];
        File.WriteAllText(
            script,
            "unset GIT_REFLOG_ACTION\nprintf 'theirs\\n' > other.txt\nprintf 'new\\n' > theirs.txt\n"
                + "git add other.txt theirs.txt\ngit commit --quiet -m Theirs\n");
        var task = _engine.Run(Steps(Bash($"sh '{script}'"), Write("a.txt", Both)));

        Assert.Equal(["a.txt"], Paths(task, ClaudeTaskChangeSource.Task));
        Assert.Equal(["other.txt", "theirs.txt"], Paths(task, ClaudeTaskChangeSource.Meanwhile));
        Assert.Contains(_engine.Texts(task.Id), text => text.Contains("Somebody else committed meanwhile", StringComparison.Ordinal));

        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Equal(
            ("theirs\n", Twenty, ""),
            (File.ReadAllText(Repository["other.txt"]), File.ReadAllText(Repository["a.txt"]), Repository.Git("status", "--short")));
    }

    [Fact]
    public void What_the_agent_itself_commits_stays_in_the_diff()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The agent's command is a shell's.");
        var task = _engine.Run(Steps(Bash("printf 'by task\\n' > c.txt; git add c.txt; git commit --quiet -m Own")));

        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        Assert.Equal(["c.txt"], Paths(task, ClaudeTaskChangeSource.Task));
        Assert.Empty(Paths(task, ClaudeTaskChangeSource.Meanwhile));
        Assert.Contains(_engine.Texts(task.Id), text => text.Contains("Claude moved HEAD itself", StringComparison.Ordinal));
    }

    public void Dispose() => _engine.Dispose();

    private ClaudeTask Run(params string[] steps)
    {
        var task = _engine.Run(_engine.Request(Steps(steps)) with { AllowDirty = true });
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        return task;
    }

    private List<string> Paths(ClaudeTask task, ClaudeTaskChangeSource source) =>
        [.. _engine.Engine.GetChanges(task.Id, source).Select(change => change.Path)];

    private void Approve(ClaudeTask task) =>
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
}
