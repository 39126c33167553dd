using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Each refusal of a decision, and that it changed nothing.</summary>
public sealed class ReviewTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void An_approval_is_one_commit_of_the_tasks_paths_with_a_trailer()
    {
        var task = RunTask();
        Repository.Write("mine.txt", "mine\n");
        Repository.Git("add", "mine.txt");

        var approved = Approve(task);

        Assert.Equal(ClaudeTaskStatus.Completed, approved.Status);
        Assert.Equal(Repository.Git("rev-parse", "HEAD"), approved.CommittedSha);
        Assert.Equal("a.txt\nb.txt", Repository.Git("show", "--format=", "--name-only", "HEAD"));
        Assert.Equal(task.TaskId.ToString(), Repository.Git("log", "-1", "--format=%(trailers:key=Claude-Task,valueonly)").Trim());
        Assert.Equal("A  mine.txt", Repository.Git("status", "--short"));
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Fact]
    public void A_file_that_was_edited_since_is_named_and_refused()
    {
        var task = RunTask();
        Repository.Write("a.txt", "edited\n");

        Refused(ClaudeTaskErrorId.EditedSince, "a.txt", () => Approve(task));
        Refused(ClaudeTaskErrorId.EditedSince, "a.txt", () => _engine.Engine.Reject(task.Id, null, _ => true));
    }

    [Fact]
    public void Force_takes_the_recorded_version_and_leaves_the_edited_file()
    {
        var task = RunTask();
        Repository.Write("a.txt", "edited\n");

        _engine.Engine.Approve(task.Id, null, _ => true, force: true);

        Assert.Equal("task", Repository.Git("show", "HEAD:a.txt"));
        Assert.Equal("edited\n", File.ReadAllText(Repository["a.txt"]));
    }

    [Fact]
    public void A_path_that_was_staged_otherwise_is_refused()
    {
        var task = RunTask();
        Repository.Write("a.txt", "staged\n");
        Repository.Git("add", "a.txt");
        Repository.Write("a.txt", "task\n");

        Refused(ClaudeTaskErrorId.EditedSince, "a.txt", () => Approve(task));
    }

    [Fact]
    public void A_path_that_somebody_committed_otherwise_is_refused()
    {
        var task = RunTask();
        Repository.Write("a.txt", "theirs\n");
        Repository.Git("commit", "--quiet", "-m", "Theirs", "--", "a.txt");
        Repository.Write("a.txt", "task\n");

        Refused(ClaudeTaskErrorId.EditedSince, "a.txt", () => Approve(task));
    }

    [Fact]
    public void A_commit_of_other_files_meanwhile_stays_below_the_approval()
    {
        var task = RunTask();
        Repository.Write("other.txt", "x\n");
        Repository.Git("add", "other.txt");
        Repository.Git("commit", "--quiet", "-m", "Meanwhile", "--", "other.txt");

        Approve(task);

        Assert.Equal("Meanwhile", Repository.Git("log", "-1", "--format=%s", "HEAD^"));
        Assert.Equal("x", Repository.Git("show", "HEAD:other.txt"));
        Assert.Equal("", Repository.Git("status", "--short"));
    }

    [Fact]
    public void The_output_of_a_failing_hook_is_the_error_and_nothing_changes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        var task = RunTask();
        var hook = Repository[".git/hooks/pre-commit"];
        File.WriteAllText(hook, "#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n");
        System.Diagnostics.Process.Start("chmod", ["+x", hook]).WaitForExit();

        Refused(ClaudeTaskErrorId.CommitRefused, "not on a Friday", () => Approve(task));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(task.Id).Status);

        File.Delete(hook);
        Assert.Equal(ClaudeTaskStatus.Completed, Approve(task).Status);
    }

    [Fact]
    public void An_approval_that_others_built_on_is_not_taken_back()
    {
        var task = RunTask();
        Approve(task);
        Repository.Write("later.txt", "x\n");
        Repository.Commit("Later");

        Refused(ClaudeTaskErrorId.TaskStateConflict, "moved on", () => _engine.Engine.Undo(task.Id));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Get(task.Id).Status);
    }

    [Fact]
    public void A_task_with_nothing_decided_has_nothing_to_undo()
    {
        var task = RunTask();

        Refused(ClaudeTaskErrorId.TaskStateConflict, "no decision to undo", () => _engine.Engine.Undo(task.Id));
        Assert.True(_engine.HoldsLease(task.Id));
    }

    [Fact]
    public void What_a_failed_task_left_can_be_put_back_and_brought_again()
    {
        var task = _engine.Run(
            Scenario("""{"steps":[{"tool":"Write","ask":false,"input":{"file_path":"half.txt","content":"x\n"}},{"exit":3}]}"""));
        Assert.Equal(ClaudeTaskStatus.Failed, task.Status);

        var rejected = _engine.Engine.Reject(task.Id, "half done", _ => true);
        Assert.Equal((ClaudeTaskStatus.Rejected, task.Reason, "half done"), (rejected.Status, rejected.Reason, rejected.RejectionReason));
        Assert.False(File.Exists(Repository["half.txt"]));

        Assert.Equal(
            (ClaudeTaskStatus.Failed, task.ReasonText), (_engine.Engine.Undo(task.Id).Status, _engine.Engine.Get(task.Id).ReasonText));
        Assert.Equal("x\n", File.ReadAllText(Repository["half.txt"]));
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Fact]
    public void The_next_task_goes_on_with_the_decision()
    {
        var first = RunTask();
        var second = _engine.Start(Steps(Write("second.txt", "x\n")));
        Assert.Equal($"task {first.Id}", _engine.Engine.Get(second.Id).WaitingFor?.ToString());

        Approve(first);

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Settled(second.Id).Status);
    }

    [Fact]
    public void Only_one_of_two_approvals_at_once_commits()
    {
        var task = RunTask();
        var before = Repository.Git("rev-list", "--count", "HEAD");

        var errors = Enumerable.Range(0, 2).AsParallel().WithDegreeOfParallelism(2)
            .Select(_ => Record.Exception(() => Approve(task))).ToList();

        Assert.Single(errors, error => error is null);
        Assert.Equal(int.Parse(before) + 1, int.Parse(Repository.Git("rev-list", "--count", "HEAD")));
    }

    [Fact]
    public void An_approval_that_was_cut_off_before_its_commit_is_made_anew()
    {
        var task = RunTask();
        CutOff(task, kind: 0, "approved");

        Assert.Equal(ClaudeTaskStatus.Completed, Approve(task).Status);
        Assert.Equal("Base", Repository.Git("log", "-1", "--format=%s", "HEAD^"));
    }

    [Fact]
    public void Whoever_looks_brings_a_decision_that_was_cut_off_to_its_end()
    {
        var task = RunTask();
        CutOff(task, kind: 0, "approved");
        _engine.Engine.RecoverLostTasks();
        Until.True(() => _engine.Engine.Get(task.Id).Status == ClaudeTaskStatus.WaitingApproval, "the decision is taken back");

        Approve(task);
        Repository.Git("update-ref", "HEAD", "HEAD^");
        StoreFixture.Scalar(_engine.Engine.Store.Path, $"UPDATE decisions SET state = 2 WHERE task_id = {task.Id} RETURNING id");
        Until.True(
            () =>
            {
                _engine.Engine.RecoverLostTasks();
                return _engine.Engine.Get(task.Id).Status == ClaudeTaskStatus.WaitingApproval;
            },
            "the undo is finished");
        Assert.Equal(" M a.txt\n?? b.txt", Repository.Git("status", "--short"));
    }

    [Fact]
    public void An_approval_that_was_cut_off_after_its_commit_is_finished_and_made_once()
    {
        var task = RunTask();
        CutOff(task, kind: 0, "approved");
        Repository.Git("add", "a.txt", "b.txt");
        Repository.Git("commit", "--quiet", "-m", $"Cut off\n\nClaude-Task: {task.TaskId}");
        var head = Repository.Git("rev-parse", "HEAD");

        var approved = Approve(task);

        Assert.Equal((ClaudeTaskStatus.Completed, head), (approved.Status, approved.CommittedSha));
        Assert.StartsWith("Cut off\n", approved.CommitMessage, StringComparison.Ordinal);
        Assert.Equal(head, Repository.Git("rev-parse", "HEAD"));
        Assert.Equal("", Repository.Git("status", "--short"));
    }

    [Fact]
    public void A_task_whose_commit_is_being_made_is_neither_stopped_nor_removed()
    {
        var task = RunTask();
        CutOff(task, kind: 0, "approved");

        var repository = StoreFixture.Scalar(_engine.Engine.Store.Path, $"SELECT repository_id FROM tasks WHERE id = {task.Id}");
        using (LockFile.TryTake(Path.Combine(_engine.Home, "locks", $"repository-{repository}.lock")))
        {
            Assert.False(_engine.Engine.RequestStop(task.Id));
            Assert.Equal(
                ClaudeTaskErrorId.TaskStateConflict, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Remove(task.Id)).ErrorId);
        }

        Assert.Equal(ClaudeTaskStatus.Completed, Approve(task).Status);
    }

    [Fact]
    public void A_rejection_that_was_cut_off_half_way_is_finished()
    {
        var task = RunTask();
        CutOff(task, kind: 1, "waiting_approval");
        Repository.Write("a.txt", "base\n");

        var rejected = _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal((ClaudeTaskStatus.Rejected, "said before"), (rejected.Status, rejected.RejectionReason));
        Assert.Equal("", Repository.Git("status", "--short"));
        Assert.False(_engine.HoldsLease(task.Id));
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>The store as it is when whoever decides dies between the beginning and the end.</summary>
    private void CutOff(ClaudeTask task, int kind, string status)
    {
        StoreFixture.Scalar(_engine.Engine.Store.Path, $"UPDATE tasks SET status = '{status}' WHERE id = {task.Id} RETURNING id");
        StoreFixture.Scalar(
            _engine.Engine.Store.Path,
            $"""
            INSERT INTO decisions (task_id, kind, from_status, plan, reason, paths, decided_at)
            VALUES ({task.Id}, {kind}, 'waiting_approval', '{Plan().ToJson()}', 'said before', '["a.txt","b.txt"]', 0) RETURNING id
            """);

        ApprovalPlan Plan() => new(Repository.Git("rev-parse", "HEAD"), "HEAD", Repository.Root, [], [], []);
    }

    private ClaudeTask RunTask()
    {
        Repository.Write("a.txt", "base\n");
        Repository.Commit("Base");
        return _engine.Run(Steps(Write("a.txt", "task\n"), Write("b.txt", "new\n")));
    }

    private ClaudeTask Approve(ClaudeTask task) => _engine.Engine.Approve(task.Id, null, _ => true, force: false);

    /// <summary>The decision is refused, and files, index and refs are as before.</summary>
    private void Refused(ClaudeTaskErrorId id, string text, Action decide)
    {
        var before = RepositoryState.Of(Repository);
        var error = Assert.Throws<ClaudeTaskException>(decide);

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, RepositoryState.Of(Repository));
    }
}
