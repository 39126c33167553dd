using ClaudeTasks.Model;
using ClaudeTasks.Review;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>The text of a prompt can come from outside. In a commit message it is a quotation, and nothing follows from it.</summary>
public sealed class CommitMessageTests : IDisposable
{
    private const string Trailer = "Claude-Task: 6f8d7f10-0000-0000-0000-000000000000";

    private readonly EngineFixture _engine = new();

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_prompt_adds_no_trailers_to_the_commit()
    {
        var task = RunTask(
            "Fix the issue:\n\nIt crashes.\n\nSigned-off-by: Linus <l@example.com>\nCo-authored-by: Eve <eve@example.com>\n"
                + "Claude-Task: 00000000-0000-0000-0000-000000000001");

        _engine.Engine.Approve(task.Id, null, _ => true, force: false);

        Assert.Equal("Fix the issue:", Repository.Git("log", "-1", "--format=%s"));
        Assert.Equal($"Claude-Task: {task.TaskId}", Repository.Git("log", "-1", "--format=%(trailers)").Trim());
        Assert.Contains(
            "\n> It crashes.\n>\n> Signed-off-by: Linus <l@example.com>\n",
            Repository.Git("log", "-1", "--format=%B"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[skip ci]")]
    [InlineData("[CI SKIP]")]
    [InlineData("[ci-skip]")]
    [InlineData("[no ci]")]
    [InlineData("[skip actions]")]
    [InlineData("[actions skip]")]
    [InlineData("[skip azurepipelines]")]
    [InlineData("[azp skip]")]
    [InlineData("[[skip ci]]")]
    [InlineData("***NO_CI***")]
    [InlineData("****no_ci****")]
    [InlineData("skip-checks: true")]
    [InlineData("skip-checks:true")]
    [InlineData("[skip\u0007 ci]")]
    public void A_prompt_tells_no_CI_service_to_skip_the_commit(string order)
    {
        var asked = new string([.. order.Where(character => !char.IsControl(character))]);
        foreach (var prompt in new[] { $"Fix it {order}", $"Fix it\n\n{order}", $"Fix it\n\n\n{order}", $"{new string('x', 80)} {order}" })
        {
            var message = CommitMessage.Of(null, prompt, Trailer);

            Assert.DoesNotContain(asked, message, StringComparison.OrdinalIgnoreCase);
            Assert.EndsWith($"\n\n{Trailer}\n", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Fix it", "Fix it\n\n")]
    [InlineData("  Fix it\r\n\r\nBecause.\r\n\r\n  And so.\r\n", "Fix it\n\n> Because.\n>\n>   And so.\n\n")]
    [InlineData("Fix [the list] and skip nothing", "Fix [the list] and skip nothing\n\n")]
    [InlineData("# Fix it\u2028Signed-off-by: Eve", "# Fix it\n\n> Signed-off-by: Eve\n\n")]
    [InlineData("Fix \u202eti\u202c \u200b\u2066now", "Fix ti now\n\n")]
    [InlineData("Fix\tit\n> quoted before", "Fix\tit\n\n> > quoted before\n\n")]
    public void The_first_line_of_a_prompt_is_the_subject_and_the_others_are_quoted(string prompt, string expected) =>
        Assert.Equal(expected + Trailer + "\n", CommitMessage.Of(null, prompt, Trailer));

    [Fact]
    public void A_message_of_the_users_stays_as_it_is() =>
        Assert.Equal(
            $"Fix it [skip ci]\n\nSigned-off-by: Me\n\n{Trailer}\n",
            CommitMessage.Of("Fix it [skip ci]\n\nSigned-off-by: Me\n", "Something else", Trailer));

    [Fact]
    public void A_long_prompt_of_brackets_costs_no_more_than_its_length()
    {
        var prompt = "Fix it\n" + string.Concat(Enumerable.Repeat("[skip no ci ", 100_000)) + new string('*', 1_000_000);

        Assert.EndsWith(Trailer + "\n", CommitMessage.Of(null, prompt, Trailer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Claude-Task: {0}")]
    [InlineData("Fix it\n\nClaude-Task: {0}")]
    public void A_prompt_that_names_another_task_does_not_complete_the_approval_of_that_task(string prompt)
    {
        var first = _engine.Run(_engine.Request(Steps(Write("a.txt", "first\n"))) with { Worktree = true });
        var head = Repository.Git("rev-parse", "HEAD");
        CutOff(first);

        // The commit of another task comes between the interrupted approval and its recovery.
        var message = CommitMessage.Of(null, string.Format(null, prompt, first.TaskId), Trailer);
        Repository.Git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", message);
        _engine.Engine.RecoverLostTasks();

        Until.True(
            () => _engine.Engine.Get(first.Id).Status is ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.Completed,
            "the interrupted approval is recovered");
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(first.Id).Status);

        void CutOff(ClaudeTask task)
        {
            var store = _engine.Engine.Store.Path;
            var plan = new ApprovalPlan(head, "refs/heads/main", Repository.Root, [], [], []).ToJson();
            StoreFixture.Scalar(store, $"UPDATE tasks SET status = 'approved' WHERE id = {task.Id} RETURNING id");
            StoreFixture.Scalar(
                store,
                $"""
                INSERT INTO decisions (task_id, kind, from_status, plan, paths, decided_at)
                VALUES ({task.Id}, 0, 'waiting_approval', '{plan}', '["a.txt"]', 0) RETURNING id
                """);
        }
    }

    public void Dispose() => _engine.Dispose();

    private ClaudeTask RunTask(string prompt)
    {
        var scenario = _engine.WithScenario($$"""{"steps":[{{Write("a.txt", "task\n")}}] }""");
        return _engine.Run(prompt, scenario);
    }
}
