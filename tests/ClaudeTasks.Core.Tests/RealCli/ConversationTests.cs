using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Questions, pauses, messages and further turns with the real CLI.</summary>
[Collection(RealCliGroup.Name)]
public sealed class ConversationTests : IDisposable
{
    private static readonly string Question = ApiScript.Tool("AskUserQuestion", new
    {
        questions = new[]
        {
            new
            {
                question = "Which color?",
                header = "Color",
                multiSelect = false,
                options = new[] { new { label = "Red", description = "r" }, new { label = "Blue", description = "b" } },
            },
        },
    });

    private readonly CliWorkspace _workspace = new();

    [Fact]
    public void A_question_is_answered_from_another_process_and_claude_goes_on_with_the_answer()
    {
        var task = Start(ApiScript.Prompt("Ask", [Question], [Write("color.txt")]));
        var question = Asked(task);
        Assert.Equal((ClaudeTaskQuestionKind.Question, "Which color? (Red / Blue)"), (question.Kind, question.Text));
        Answer(question, new QuestionAnswer { IsAllowed = true, Text = "Blue" });

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Settled(task).Status);
        Assert.Contains(ToolResults(), text => text.Contains("\"Which color?\"=\"Blue\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_permission_is_given_once_or_denied_with_a_word_to_claude(bool isAllowed)
    {
        var task = Start(ApiScript.Prompt("Commit", [Bash("git commit --allow-empty -m made")], [Write("after.txt")]));
        var question = Asked(task);
        Assert.Equal(ClaudeTaskQuestionKind.Permission, question.Kind);
        Answer(question, new QuestionAnswer { IsAllowed = isAllowed, Text = isAllowed ? null : "not on main" });

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Settled(task).Status);
        Assert.Equal(isAllowed, _workspace.Git("log", "--format=%s").Contains("made", StringComparison.Ordinal));
        Assert.Equal(!isAllowed, ToolResults().Any(text => text.Contains("not on main", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_question_outlives_its_agent_and_its_worker_and_the_answer_resumes_at_that_very_question()
    {
        var task = Start(ApiScript.Prompt("Ask", [Question], [Write("color.txt")]));
        var question = Asked(task);
        _workspace.Engine.Suspend(task.Id);
        var paused = Settled(task);
        Assert.Equal((ClaudeTaskStatus.Pending, true), (paused.Status, paused.IsSuspended));
        Until.True(() => CliWorkspace.ProcessesOf(task).Count == 0, "its agent has ended");
        Assert.Equal(ClaudeTaskQuestionState.Open, _workspace.Engine.GetQuestion(question.Id).State);

        Answer(question, new QuestionAnswer { IsAllowed = true, Text = "Red" });

        var ended = Settled(task);
        Assert.Equal((ClaudeTaskStatus.WaitingApproval, paused.ConversationId), (ended.Status, ended.ConversationId));
        Assert.Contains(ToolResults(), text => text.Contains("\"Which color?\"=\"Red\"", StringComparison.Ordinal));
        Assert.Single(_workspace.Engine.GetQuestions(task.Id, all: true));
        Assert.Single(MessagesApi.UserTexts(_workspace.Api.Turns[^1]), text => text.StartsWith("Ask", StringComparison.Ordinal));
        Assert.Equal(3, _workspace.Api.Turns.Count);
    }

    [Fact]
    public void A_pause_in_the_middle_of_a_command_goes_on_without_the_prompt_being_worked_on_twice()
    {
        var task = Start(
            ApiScript.Prompt("Do all of it", [Write("half.txt")], [Bash("touch reached; python3 -c 'import time; time.sleep(600)'")]),
            QuestionPolicy.Allow);
        Until.True(() => File.Exists(_workspace.InRepository("reached")), "it is at work");
        _workspace.Engine.Suspend(task.Id);
        Assert.True(Settled(task).IsSuspended);
        var before = _workspace.Api.Turns.Count;

        _workspace.Engine.Resume(task.Id, CliWorkspace.Host);

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Settled(task).Status);
        var texts = MessagesApi.UserTexts(_workspace.Api.Turns[before]);
        Assert.Single(texts, text => text.StartsWith("Do all of it", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.StartsWith("You were paused", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_before_a_pause_is_heard_once_whether_claude_had_begun_with_it_or_not(bool hasBegun)
    {
        var (wait, hang) = (
            Bash("touch reached; while [ ! -e go ]; do python3 -c 'import time; time.sleep(0.1)'; done"),
            Bash("touch second; python3 -c 'import time; time.sleep(600)'"));
        var task = Start(ApiScript.Prompt("Begin", [wait], [hang]), QuestionPolicy.Allow);
        Until.True(() => File.Exists(_workspace.InRepository("reached")), "it is at work");
        _workspace.Engine.Say(task.Id, "Also cover the timeout case", CliWorkspace.Host);
        Until.True(() => Kinds(task).Contains(ClaudeTaskEventKind.UserMessage), "it was said");
        if (hasBegun)
        {
            File.WriteAllText(_workspace.InRepository("go"), "");
            Until.True(() => File.Exists(_workspace.InRepository("second")), "it came with the result of the first command");
        }

        _workspace.Engine.Suspend(task.Id);
        Settled(task);
        _workspace.Engine.Resume(task.Id, CliWorkspace.Host);

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, Settled(task).Status);
        Assert.Equal(2, _workspace.Api.Turns[^1]["messages"]!.ToJsonString().Split("Also cover the timeout case").Length);
    }

    [Fact]
    public void A_message_is_heard_while_claude_works_and_as_a_further_turn_and_each_costs_what_it_cost()
    {
        var task = Start(
            ApiScript.Prompt(
                "Begin",
                [Bash("touch reached; while [ ! -e go ]; do python3 -c 'import time; time.sleep(0.1)'; done")],
                [Write("first.txt")]),
            QuestionPolicy.Allow);
        Until.True(() => File.Exists(_workspace.InRepository("reached")), "it is at work");
        _workspace.Engine.Say(task.Id, "Also cover the timeout case", CliWorkspace.Host);
        Until.True(() => Kinds(task).Contains(ClaudeTaskEventKind.UserMessage), "it was said");
        File.WriteAllText(_workspace.InRepository("go"), "");
        Assert.Equal(1, Settled(task).Attempts);
        Assert.Contains(
            _workspace.Api.Turns,
            turn => turn["messages"]!.ToJsonString().Contains("Also cover the timeout case", StringComparison.Ordinal));

        _workspace.Engine.Say(task.Id, ApiScript.Prompt("And the docs", [Write("docs.txt")]), CliWorkspace.Host);
        Until.True(
            () => _workspace.Engine.Get(task.Id) is { Attempts: 2, Status: ClaudeTaskStatus.WaitingApproval }, "the further turn is over");

        // The CLI counts on over a resume; every request costs the same here.
        var (ended, attempts) = (_workspace.Engine.Get(task.Id), _workspace.Engine.GetAttempts(task.Id));
        Assert.Contains("docs.txt", _workspace.Engine.GetChanges(task.Id).Select(change => change.Path));
        Assert.Equal(_workspace.Api.Turns.Count * ApiReply.InputTokens, ended.InputTokens);
        Assert.Equal(ended.CostUsd, attempts.Sum(attempt => attempt.CostUsd));
        Assert.All(attempts, attempt => Assert.True(attempt.CostUsd > 0));
    }

    [Fact]
    public void A_new_task_goes_on_with_the_conversation_and_says_so_when_it_is_gone()
    {
        var first = Settled(Start(ApiScript.Prompt("The word is zebra", [Write("first.txt")])));
        _workspace.Engine.Approve(first.Id, null, _ => true, force: false);
        var second = Settled(Start("What was the word?", QuestionPolicy.Deny, first.Id));
        Assert.Equal((ClaudeTaskStatus.Completed, first.ConversationId), (second.Status, second.ConversationId));
        Assert.Contains(MessagesApi.UserTexts(_workspace.Api.Turns[^1]), text => text.Contains("zebra", StringComparison.Ordinal));

        Directory.Delete(Path.Combine(Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR")!, "projects"), recursive: true);
        var requests = _workspace.Api.Turns.Count;
        var third = Settled(Start("And now?", QuestionPolicy.Deny, first.Id));
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.ConversationLost), (third.Status, third.Reason));
        Assert.Contains("No conversation found", third.ReasonText, StringComparison.Ordinal);
        Assert.Equal(requests, _workspace.Api.Turns.Count);
    }

    [Fact]
    public void A_worker_that_is_killed_with_a_question_open_loses_neither_the_task_nor_the_truth()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals.");
        var task = Start(ApiScript.Prompt("Ask", [Write("half.txt")], [Question]));
        var question = Asked(task);
        ProcessScan.Send(_workspace.FindWorker(), ProcessScan.Kill);

        var ended = Settled(task);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost, 1), (ended.Status, ended.Reason, ended.FilesChanged));
        Assert.Equal(ClaudeTaskQuestionState.Withdrawn, _workspace.Engine.GetQuestion(question.Id).State);
        Assert.Empty(CliWorkspace.ProcessesOf(task));
        Assert.Equal(
            ClaudeTaskErrorId.QuestionClosed,
            Assert.Throws<ClaudeTaskException>(() => Answer(question, new QuestionAnswer { IsAllowed = true, Text = "Red" })).ErrorId);
    }

    [Fact]
    public void A_budget_is_passed_on_and_ends_the_task_with_its_work_kept()
    {
        var request = Request(
            ApiScript.Prompt("Spend", [Write("a.txt")], [Write("b.txt")], [Write("c.txt")], [Write("d.txt")], [Write("e.txt")]),
            QuestionPolicy.Deny,
            null);
        var task = _workspace.Engine.Submit(CliWorkspace.Host).Add(request with { MaxCost = 0.002m });

        var ended = Settled(task);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.BudgetExceeded), (ended.Status, ended.Reason));
        Assert.True(ended.FilesChanged > 0);
    }

    public void Dispose() => _workspace.Dispose();

    private static string Bash(string command) => ApiScript.Tool("Bash", new { command });

    private string Write(string name) => ApiScript.Tool("Write", new { file_path = _workspace.InRepository(name), content = "text\n" });

    private ClaudeTaskRequest Request(string prompt, QuestionPolicy policy, int? continues) => new()
    {
        Prompt = prompt,
        Repository = _workspace.Repository,
        Session = "tests",
        Continues = continues,
        OnQuestion = policy,
        ClaudePath = _workspace.Claude,
    };

    private ClaudeTask Start(string prompt, QuestionPolicy policy = QuestionPolicy.Ask, int? continues = null) =>
        _workspace.Engine.Submit(CliWorkspace.Host).Add(Request(prompt, policy, continues));

    private ClaudeTaskQuestion Asked(ClaudeTask task) =>
        Until.Found(() => _workspace.Engine.GetQuestions(task.Id).SingleOrDefault(), "Claude asks");

    private void Answer(ClaudeTaskQuestion question, QuestionAnswer answer) =>
        _workspace.Engine.Answer(question.Id, answer, CliWorkspace.Host);

    private ClaudeTask Settled(ClaudeTask task)
    {
        Until.True(() => _workspace.Engine.Get(task.Id).IsSettled || Lost(), "the task is at rest");
        return _workspace.Engine.Get(task.Id);

        bool Lost()
        {
            _workspace.Engine.RecoverLostTasks();
            return false;
        }
    }

    private List<ClaudeTaskEventKind> Kinds(ClaudeTask task) => [.. _workspace.Events(task).Select(item => item.Kind)];

    private List<string> ToolResults() => [.. _workspace.Api.Turns[^1]["messages"]!.AsArray()
        .SelectMany(message => message!["content"] as System.Text.Json.Nodes.JsonArray ?? [])
        .Where(block => (string?)block!["type"] == "tool_result")
        .Select(block => block!["content"]!.ToJsonString()
            .Replace("\\u0022", "\"", StringComparison.Ordinal)
            .Replace("\\\"", "\"", StringComparison.Ordinal))];
}
