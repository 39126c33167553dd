using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Tasks that pause and go on: by a person's wish, after a fault, at a usage limit, with a further message.</summary>
public sealed class PauseTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public void A_queued_task_waits_while_it_is_suspended_and_others_pass_it()
    {
        var first = _engine.Start(Steps(Pause(_engine["reached"], _engine["go on"])));
        var second = _engine.Start(Steps(Write("second", "")));
        var third = _engine.Start(Steps(Says("Third.")));
        _engine.Engine.Suspend(second.Id);
        File.WriteAllText(_engine["go on"], "");

        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(third.Id).Status);
        var held = _engine.Engine.Get(second.Id);
        Assert.Equal(
            (ClaudeTaskStatus.Pending, true, "a resume", ClaudeTaskReason.Suspended),
            (held.Status, held.IsSuspended, held.WaitingFor?.ToString(), held.Reason));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, Refusal(() => _engine.Engine.Suspend(second.Id)));
        _engine.Engine.Resume(second.Id, new WorkerHost.InProcess());
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Settled(second.Id).Status);
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, Refusal(() => _engine.Engine.Resume(second.Id, new WorkerHost.InProcess())));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(first.Id).Status);
    }

    [Fact]
    public void A_task_at_work_pauses_with_its_files_and_goes_on_in_the_same_conversation()
    {
        var settings = _engine.WithScenario(
            $$"""
            {"steps":[{{Write("half", "1\n")}},{{Step("signalFile", _engine["reached"])}},{"hang":true}],
             "resumed":{"steps":[{"echoPrompt":1},{{Write("rest", "2\n")}}]} }
            """);
        var task = _engine.Start("Do the whole of it", settings);
        Until.True(() => File.Exists(_engine["reached"]), "it is at work");
        var next = _engine.Start(Steps(Says("Next.")));
        _engine.Engine.Suspend(task.Id);

        var paused = _engine.Settled(task.Id);
        Assert.Equal((ClaudeTaskStatus.Pending, true, ClaudeTaskReason.Suspended), (paused.Status, paused.IsSuspended, paused.Reason));
        Assert.True(File.Exists(_engine.Repository["half"]));
        Assert.Equal(1, paused.FilesChanged);
        Assert.True(_engine.HoldsLease(task.Id));
        Assert.Equal($"task {task.Id}", _engine.Engine.Get(next.Id).WaitingFor?.ToString());
        File.WriteAllText(_engine.Repository["mine"], "a person's own\n");

        _engine.Engine.Resume(task.Id, new WorkerHost.InProcess());
        var ended = _engine.Settled(task.Id);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, ended.Status);
        Assert.Equal(paused.ConversationId, ended.ConversationId);
        Assert.Equal(["half", "rest"], _engine.Engine.GetChanges(task.Id).Select(change => change.Path).Order());
        Assert.DoesNotContain(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Message), text => text.Contains("the whole", StringComparison.Ordinal));
        Assert.Equal([("Run", ClaudeTaskReason.Suspended), ("Resume", ClaudeTaskReason.None)], Attempts(task));
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Equal("a person's own\n", File.ReadAllText(_engine.Repository["mine"]));
        Assert.False(File.Exists(_engine.Repository["half"]));
        File.Delete(_engine.Repository["mine"]);
        _engine.Settled(next.Id);
    }

    [Fact]
    public void An_answer_given_while_it_is_suspended_lets_it_go_on()
    {
        var settings = _engine.WithScenario(
            $$"""
            {"steps":[{{Bash("touch asked", ask: true)}}],
             "resumed":{"steps":[{"echoPrompt":1},{{Bash("touch asked", ask: true)}}]} }
            """);
        var task = _engine.Start(_engine.Request("Ask first", settings) with { OnQuestion = QuestionPolicy.Ask });
        var question = Until.Found(() => _engine.Engine.GetQuestions(task.Id).SingleOrDefault(), "it asks");
        _engine.Engine.Suspend(task.Id);
        _engine.Settled(task.Id);

        var kept = _engine.Engine.GetQuestion(question.Id);
        Assert.Equal((ClaudeTaskQuestionState.Open, null), (kept.State, kept.Deadline));
        _engine.Engine.Answer(question.Id, new QuestionAnswer { IsAllowed = true }, new WorkerHost.InProcess());

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Settled(task.Id).Status);
        Assert.True(File.Exists(_engine.Repository["asked"]));
        Assert.Single(_engine.Engine.GetQuestions(task.Id, all: true));
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Message), text => text.Contains("is allowed now", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stop_ends_a_suspended_task_and_gives_its_repository_back()
    {
        var task = _engine.Start(Steps(Step("signalFile", _engine["reached"]), """{"hang":true}"""));
        Until.True(() => File.Exists(_engine["reached"]), "it is at work");
        _engine.Engine.Suspend(task.Id);
        _engine.Settled(task.Id);

        Assert.True(_engine.Engine.RequestStop(task.Id));
        Assert.Equal(ClaudeTaskStatus.Cancelled, _engine.Settled(task.Id).Status);
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Fact]
    public void An_overload_is_tried_again_and_each_attempt_is_recorded()
    {
        var task = _engine.Run(Request(Fault(529), new TaskSettings { Retry = 1, RetryDelay = TimeSpan.FromSeconds(1) }));

        Assert.Equal((ClaudeTaskStatus.WaitingApproval, 2), (task.Status, task.Attempts));
        Assert.Equal([("Run", ClaudeTaskReason.ApiError), ("Retry", ClaudeTaskReason.None)], Attempts(task));
        Assert.Equal(2 * 0.0123m, task.CostUsd);
        Assert.DoesNotContain(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Message), text => text.Contains("Work on it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(413)]
    public void A_refusal_is_not_tried_again(int status)
    {
        var task = _engine.Run(Request(Fault(status), new TaskSettings { Retry = 3, RetryDelay = TimeSpan.FromSeconds(1) }));

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.ApiError, 1), (task.Status, task.Reason, task.Attempts));
    }

    [Fact]
    public void Attempts_are_bounded()
    {
        var fault = Fault(503);
        var settings = _engine.WithScenario($$"""{{{fault}},"resumed":{{{fault}}} }""");
        var task = _engine.Run(_engine.Request("Work on it", settings) with { Retry = 1, RetryDelay = TimeSpan.FromSeconds(1) });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.ApiError, 2), (task.Status, task.Reason, task.Attempts));
    }

    [Fact]
    public void At_a_usage_limit_it_waits_for_the_reset_and_goes_on_by_itself()
    {
        var reset = DateTimeOffset.UtcNow.AddSeconds(3).ToUnixTimeSeconds();
        var limit = $$"""{"rateLimit":{"status":"rejected","resetsAt":{{reset}},"rateLimitType":"five_hour"} }""";
        var task = _engine.Start(Request(Fault(429, limit), new TaskSettings()));
        Until.True(
            () => _engine.Engine.Get(task.Id) is
            {
                Status: ClaudeTaskStatus.Pending,
                Reason: ClaudeTaskReason.UsageLimit,
                WaitingFor.Kind: ClaudeTaskWaitKind.UsageLimit
            },
            "it waits visibly");

        var ended = _engine.Settled(task.Id);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, ended.Status);
        Assert.True(new DateTimeOffset(ended.CompletedAt!.Value) >= DateTimeOffset.FromUnixTimeSeconds(reset));
    }

    [Fact]
    public void At_a_usage_limit_it_fails_where_that_was_asked_for()
    {
        var limit = """{"rateLimit":{"status":"rejected","resetsAt":4000000000,"rateLimitType":"five_hour"}}""";
        var task = _engine.Run(Request(Fault(429, limit), new TaskSettings { FailAtUsageLimit = true }));

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.UsageLimit), (task.Status, task.Reason));
    }

    [Fact]
    public void A_message_reaches_claude_while_it_works()
    {
        var task = _engine.Start(Steps(Pause(_engine["reached"], _engine["go on"]), Write("first", "")));
        Until.True(() => File.Exists(_engine["reached"]), "it is at work");
        _engine.Engine.Say(task.Id, Steps(Write("second", "")), new WorkerHost.InProcess());
        Until.True(() => _engine.Events(task.Id, ClaudeTaskEventKind.UserMessage).Count == 1, "it was said");
        File.WriteAllText(_engine["go on"], "");

        Assert.Equal(
            (ClaudeTaskStatus.WaitingApproval, 2, 1),
            (_engine.Settled(task.Id).Status, _engine.Engine.Get(task.Id).FilesChanged, _engine.Engine.Get(task.Id).Attempts));
    }

    [Fact]
    public void A_message_to_a_result_brings_a_further_turn_of_the_same_task()
    {
        var settings = _engine.WithScenario(
            $$"""{"steps":[{{Write("first", "1\n")}}],"resumed":{"steps":[{"echoPrompt":1},{{Write("second", "2\n")}}]} }""");
        var task = _engine.Run("Begin", settings);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        _engine.Engine.Say(task.Id, "Also cover the second", new WorkerHost.InProcess());
        Until.True(
            () => _engine.Engine.Get(task.Id) is { Status: ClaudeTaskStatus.WaitingApproval, Attempts: 2 }, "the further turn is over");

        Assert.Equal(["first", "second"], _engine.Engine.GetChanges(task.Id).Select(change => change.Path).Order());
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Message), text => text.Contains("Also cover the second", StringComparison.Ordinal));
        Assert.Equal([("Run", ClaudeTaskReason.None), ("Turn", ClaudeTaskReason.None)], Attempts(task));
    }

    [Fact]
    public void What_has_ended_hears_nothing_more()
    {
        var task = _engine.Run(Steps(Says("Nothing to do.")));

        Assert.Equal(
            ClaudeTaskErrorId.TaskStateConflict, Refusal(() => _engine.Engine.Say(task.Id, "One more thing", new WorkerHost.InProcess())));
        Assert.Equal(ClaudeTaskErrorId.InvalidPrompt, Refusal(() => _engine.Engine.Say(task.Id, " ", new WorkerHost.InProcess())));
    }

    [Fact]
    public void A_task_that_has_used_up_its_money_gets_no_further_turn()
    {
        var settings = _engine.WithScenario(
            $$"""{"costUsd":0.5,"steps":[{{Write("first", "1\n")}}],"resumed":{"steps":[{{Write("second", "2\n")}}]} }""");
        var task = _engine.Run("Begin", settings with { MaxCost = 0.4m });
        _engine.Engine.Say(task.Id, "More", new WorkerHost.InProcess());
        Until.True(() => _engine.Engine.Get(task.Id).IsEnded, "it has ended");

        var ended = _engine.Engine.Get(task.Id);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.BudgetExceeded, 1), (ended.Status, ended.Reason, ended.FilesChanged));
        Assert.True(File.Exists(_engine.Repository["first"]));
    }

    [Fact]
    public void When_the_day_has_cost_its_limit_nothing_more_is_started()
    {
        _engine.Engine.Settings.SetOptions(new Dictionary<ClaudeTaskOptionName, object?> { [ClaudeTaskOptionName.DailyCostLimit] = 0.02m });
        var tasks = Enumerable.Range(0, 3).Select(_ => _engine.Run(Steps("""{"echoArgs":1}"""))).ToList();

        Assert.Equal([ClaudeTaskStatus.Completed, ClaudeTaskStatus.Completed, ClaudeTaskStatus.Failed], tasks.Select(task => task.Status));
        Assert.Equal((ClaudeTaskReason.BudgetExceeded, 0), (tasks[2].Reason, tasks[2].Attempts));
        Assert.Contains("$0.0246 of the daily limit of $0.02", tasks[2].ReasonText, StringComparison.Ordinal);
        Assert.Contains("--max-budget-usd=0.02", tasks[0].Result, StringComparison.Ordinal);
        Assert.Contains("--max-budget-usd=0.0077", tasks[1].Result, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_task_goes_on_with_the_conversation_of_another()
    {
        var first = _engine.Run(Steps(Says("Nothing to do.")));
        var second = _engine.Run(_engine.Request(Steps("""{"echoArgs":1}""")) with { Continues = first.Id });

        Assert.Equal((first.ConversationId, first.Id), (second.ConversationId, second.Continues));
        Assert.Contains(
            _engine.Texts(second.Id, ClaudeTaskEventKind.Message),
            text => text.Contains($"--resume={first.ConversationId}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_without_a_conversation_cannot_be_gone_on_with()
    {
        File.WriteAllText(_engine.Repository["dirty"], "");
        var failed = _engine.Run("Never begun");
        File.Delete(_engine.Repository["dirty"]);

        Assert.Equal(
            ClaudeTaskErrorId.ConversationNotFound, Refusal(() => _engine.Start(_engine.Request("Go on") with { Continues = failed.Id })));
        Assert.Equal(ClaudeTaskErrorId.TaskNotFound, Refusal(() => _engine.Start(_engine.Request("Go on") with { Continues = 99 })));
        Assert.Single(_engine.Engine.Query(new TaskQuery()));
    }

    [Fact]
    public void What_was_asked_is_asked_once_more_as_a_new_task()
    {
        var first = _engine.Run(_engine.Request(Steps("""{"exit":3}""")) with { Priority = ClaudeTaskPriority.High });
        var second = _engine.Engine.Restart(first.Id, new WorkerHost.InProcess());

        Assert.Equal((first.Prompt, first.Session, first.Priority), (second.Prompt, second.Session, second.Priority));
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotEqual(first.ConversationId, _engine.Settled(second.Id).ConversationId);
        var open = _engine.Start(Steps(Pause(_engine["reached"], _engine["go on"])));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, Refusal(() => _engine.Engine.Restart(open.Id, new WorkerHost.InProcess())));
        File.WriteAllText(_engine["go on"], "");
        _engine.Settled(open.Id);
    }

    public void Dispose() => _engine.Dispose();

    private static ClaudeTaskErrorId Refusal(Action action) => Assert.Throws<ClaudeTaskException>(action).ErrorId;

    private static string Fault(int status, string? step = null) =>
        $$"""
        "steps":[{{(step is null ? "" : step + ",")}}{"echoPrompt":1}],
        "result":{"is_error":true,"terminal_reason":"api_error","api_error_status":{{status}},"result":"API Error: {{status}}"},"exitCode":1
        """;

    private ClaudeTaskRequest Request(string fault, TaskSettings settings) =>
        _engine.Request(
            "Work on it",
            settings with
            {
                AgentArgument = _engine.WithScenario(
                    $$"""
                    {{{fault.Replace("{\"echoPrompt\":1}", Says("Trying."), StringComparison.Ordinal)}},
                     "resumed":{"steps":[{"echoPrompt":1},{{Write("done", "")}}]} }
                    """)
                    .AgentArgument
            });

    private List<(string, ClaudeTaskReason)> Attempts(ClaudeTask task) =>
        [.. _engine.Engine.GetAttempts(task.Id).Select(attempt => (attempt.Purpose, attempt.Reason))];
}
