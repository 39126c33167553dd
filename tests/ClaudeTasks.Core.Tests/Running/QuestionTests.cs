using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What Claude asks, and who decides it.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public void A_permission_waits_for_an_answer_that_may_come_from_anywhere()
    {
        var task = _engine.Start(Request(Steps(Bash("touch allowed", ask: true))));
        var question = Asked(task);

        Assert.Equal(
            (ClaudeTaskQuestionKind.Permission, "Bash", ClaudeTaskQuestionState.Open), (question.Kind, question.Tool, question.State));
        Assert.Contains("touch allowed", question.Text, StringComparison.Ordinal);
        Assert.Equal($"an answer to question {question.Id}", _engine.Engine.Get(task.Id).WaitingFor?.ToString());
        using (var other = _engine.OpenEngine())
        {
            other.Answer(question.Id, Allowed, new WorkerHost.InProcess());
        }

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Settled(task.Id).Status);
        Assert.True(File.Exists(_engine.Repository["allowed"]));
        Assert.Equal(ClaudeTaskQuestionState.Allowed, _engine.Engine.GetQuestion(question.Id).State);
        Assert.Equal("approval", _engine.Engine.Get(task.Id).WaitingFor?.ToString());
    }

    [Fact]
    public void A_denial_tells_claude_why()
    {
        var task = _engine.Start(Request(Steps(Bash("touch denied", ask: true))));
        _engine.Engine.Answer(Asked(task).Id, new QuestionAnswer { Text = "use the API instead" }, new WorkerHost.InProcess());

        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(task.Id).Status);
        Assert.False(File.Exists(_engine.Repository["denied"]));
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.ToolResult), text => text.Contains("use the API instead", StringComparison.Ordinal));
    }

    [Fact]
    public void A_question_of_claudes_own_gets_an_answer_and_nothing_else_will_do()
    {
        var task = _engine.Start(Request(Steps("""{"askUser":{"question":"Which color?","options":["Red","Blue"]}}""")));
        var question = Asked(task);

        Assert.Equal(ClaudeTaskQuestionKind.Question, question.Kind);
        Assert.Equal(["Red", "Blue"], question.Options);
        Assert.Equal(
            ClaudeTaskErrorId.InvalidArgument,
            Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Answer(question.Id, Allowed, new WorkerHost.InProcess())).ErrorId);
        _engine.Engine.Answer(question.Id, new QuestionAnswer { IsAllowed = true, Text = "Blue" }, new WorkerHost.InProcess());

        _engine.Settled(task.Id);
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.ToolResult),
            text => text.Contains("\"Which color?\"=\"Blue\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_who_answer_at_once_one_decides_and_the_other_is_told()
    {
        var task = _engine.Start(Request(Steps(Bash("touch once", ask: true))));
        var question = Asked(task);
        using var other = _engine.OpenEngine();
        using var start = new Barrier(2);

        var answers = await Task.WhenAll(new[] { _engine.Engine, other }.Select(engine => Task.Run(() =>
        {
            start.SignalAndWait();
            return Record.Exception(() => engine.Answer(question.Id, Allowed, new WorkerHost.InProcess()));
        })));

        var refused = Assert.IsType<ClaudeTaskException>(Assert.Single(answers, answer => answer is not null));
        Assert.Equal(ClaudeTaskErrorId.QuestionClosed, refused.ErrorId);
        _engine.Settled(task.Id);
    }

    [Fact]
    public void After_the_deadline_it_is_denied_and_an_answer_comes_too_late()
    {
        var task = _engine.Start(
            Request(
                Steps(Bash("touch late", ask: true)),
                new TaskSettings { OnQuestion = QuestionPolicy.Ask, QuestionTimeout = TimeSpan.FromSeconds(1) }));
        var question = Asked(task);
        Until.True(() => _engine.Engine.GetQuestion(question.Id).State == ClaudeTaskQuestionState.Expired, "nobody has answered in time");

        var late = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Answer(question.Id, Allowed, new WorkerHost.InProcess()));
        Assert.Equal(ClaudeTaskErrorId.QuestionClosed, late.ErrorId);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Settled(task.Id).Status);
        Assert.False(File.Exists(_engine.Repository["late"]));
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.ToolResult),
            text => text.Contains("Nobody answered in time", StringComparison.Ordinal));
    }

    [Fact]
    public void The_time_limit_stands_still_while_a_question_waits()
    {
        // The question is open for longer than the task may take.
        var request = Request(
            Steps(Bash("touch never", ask: true), Write("after", "")),
            new TaskSettings { OnQuestion = QuestionPolicy.Ask, QuestionTimeout = TimeSpan.FromSeconds(4) });
        var task = _engine.Run(request with { Timeout = TimeSpan.FromSeconds(3), StallTimeout = TimeSpan.FromSeconds(3) });

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.True(File.Exists(_engine.Repository["after"]));
    }

    [Fact]
    public void A_decision_that_is_remembered_is_a_rule_until_it_is_removed()
    {
        var first = _engine.Start(Request(Steps(Bash("git log", ask: true))));
        _engine.Engine.Answer(Asked(first).Id, Allowed with { Remember = true }, new WorkerHost.InProcess());
        _engine.Settled(first.Id);
        var rule = Assert.Single(_engine.Engine.GetRules(_engine.Repository.Root));
        Assert.Equal(("Bash", "git log", true), (rule.Tool, rule.Pattern, rule.IsAllowed));

        var second = _engine.Run(Request(Steps(Bash("git log", ask: true)), new TaskSettings { OnQuestion = QuestionPolicy.Deny }));
        Assert.Empty(second.DeniedTools);
        Assert.Equal(ClaudeTaskQuestionState.Allowed, Assert.Single(_engine.Engine.GetQuestions(second.Id, all: true)).State);

        _engine.Engine.Questions.RemoveRule(rule.Id);
        var third = _engine.Run(Request(Steps(Bash("git log", ask: true)), new TaskSettings { OnQuestion = QuestionPolicy.Deny }));
        Assert.Equal(["Bash"], third.DeniedTools);
        Assert.Equal(
            ClaudeTaskErrorId.RuleNotFound, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Questions.RemoveRule(rule.Id)).ErrorId);
    }

    [Fact]
    public void A_task_may_allow_all_that_was_chosen_by_its_user()
    {
        var task = _engine.Run(Request(Steps(Bash("touch all", ask: true)), new TaskSettings { OnQuestion = QuestionPolicy.Allow }));

        Assert.True(File.Exists(_engine.Repository["all"]));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
    }

    [Theory]
    [InlineData(true, "touch scripted")]
    [InlineData(false, "touch other")]
    public void The_users_own_code_may_decide(bool isAllowed, string command)
    {
        var script = new Script(
            question => question.Text.Contains("scripted", StringComparison.Ordinal) ? Allowed : new QuestionAnswer { Text = "not that" });
        var request = Request(
            Steps(Bash(command, ask: true)), new TaskSettings { OnQuestion = QuestionPolicy.Script, QuestionScript = "code" });
        var task = _engine.Engine.Submit(new WorkerHost.InProcess(script)).Add(request);

        _engine.Settled(task.Id);
        Assert.Equal("code", script.Code);
        Assert.Equal(isAllowed, File.Exists(_engine.Repository["scripted"]));
    }

    [Fact]
    public void Code_that_fails_leaves_the_question_to_people()
    {
        var request = Request(
            Steps(Bash("touch x", ask: true)), new TaskSettings { OnQuestion = QuestionPolicy.Script, QuestionScript = "code" });
        var task = _engine.Engine.Submit(new WorkerHost.InProcess(new Script(_ => throw new InvalidOperationException("boom"))))
            .Add(request);
        var question = Asked(task);
        Until.True(
            () => _engine.Texts(task.Id, ClaudeTaskEventKind.Warning).Exists(text => text.Contains("boom", StringComparison.Ordinal)),
            "the failure is told");

        Assert.Equal(ClaudeTaskQuestionState.Open, _engine.Engine.GetQuestion(question.Id).State);
        _engine.Engine.Answer(question.Id, new QuestionAnswer(), new WorkerHost.InProcess());
        _engine.Settled(task.Id);
    }

    [Fact]
    public void What_a_stopped_task_asked_is_asked_no_longer()
    {
        var task = _engine.Start(Request(Steps(Bash("touch x", ask: true))));
        var question = Asked(task);
        _engine.Engine.RequestStop(task.Id);
        _engine.Settled(task.Id);

        Assert.Equal(ClaudeTaskQuestionState.Withdrawn, _engine.Engine.GetQuestion(question.Id).State);
        Assert.Equal(
            ClaudeTaskErrorId.QuestionClosed,
            Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Answer(question.Id, Allowed, new WorkerHost.InProcess())).ErrorId);
    }

    [Fact]
    public void A_question_that_does_not_exist_is_an_error() => Assert.Equal(
        ClaudeTaskErrorId.QuestionNotFound,
        Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Answer(99, Allowed, new WorkerHost.InProcess())).ErrorId);

    public void Dispose() => _engine.Dispose();

    private static QuestionAnswer Allowed { get; } = new() { IsAllowed = true };

    private ClaudeTaskRequest Request(string prompt, TaskSettings? settings = null) =>
        _engine.Request(prompt, settings ?? new TaskSettings { OnQuestion = QuestionPolicy.Ask });

    private ClaudeTaskQuestion Asked(ClaudeTask task) =>
        Until.Found(() => _engine.Engine.GetQuestions(task.Id).SingleOrDefault(), "Claude asks");

    private sealed class Script(Func<ClaudeTaskQuestion, QuestionAnswer> decide) : IQuestionScript
    {
        public string? Code { get; private set; }

        public Task<QuestionAnswer?> DecideAsync(string code, ClaudeTaskQuestion question, CancellationToken cancellation)
        {
            Code = code;
            return Task.FromResult<QuestionAnswer?>(decide(question));
        }
    }
}
