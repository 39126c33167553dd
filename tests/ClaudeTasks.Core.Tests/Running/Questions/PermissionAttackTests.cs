using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Attacks on permissions by an agent that chooses the texts: each is performed by the simulated agent.</summary>
public sealed class PermissionAttackTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    private static QuestionAnswer Always => new() { IsAllowed = true, Remember = true };

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_command_with_a_star_that_was_allowed_once_and_for_all_allows_no_other_command()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are of a Unix shell.");
        AnswerFirst(Bash("find . -name \"*.tmp\" -delete", ask: true), Always);

        var rule = Assert.Single(_engine.Engine.GetRules(_engine.Repository.Root));
        Assert.Equal(("find . -name \"*.tmp\" -delete", true), (rule.Pattern, rule.IsLiteral));
        var attack = RunWithRules(Bash("find . -name \"readme.md\" -exec touch {} owned.tmp \\; -name \".tmp\" -delete", ask: true));
        Assert.Equal(["Bash"], attack.DeniedTools);
        Assert.False(File.Exists(_engine.Repository["owned.tmp"]));
        Assert.Empty(RunWithRules(Bash("find . -name \"*.tmp\" -delete", ask: true)).DeniedTools);
    }

    [Fact]
    public void A_safety_check_is_shown_and_never_remembered_or_decided_by_a_rule()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var outside = Directory.CreateDirectory(_engine["home"]).FullName;
        Directory.CreateDirectory(_engine.Repository["docs"]);
        Directory.CreateSymbolicLink(_engine.Repository["docs/out"], outside);
        _engine.Repository.Commit("A link");
        AnswerFirst(Asking("docs/a.md", ""), Always with { Pattern = "*" });
        const string Check =
            """
            "blocked_path":"/home","decision_reason":"The path is outside.","decision_reason_type":"safetyCheck",
            "suppress_always_allow_rule":true
            """;

        var denied = RunWithRules(Asking("docs/out/.bashrc", Check));
        Assert.Equal(["Write"], denied.DeniedTools);
        Assert.False(File.Exists(Path.Combine(outside, ".bashrc")));

        var task = _engine.Start(Request(Asking("docs/out/.bashrc", Check)));
        var question = Asked(task);
        Assert.Equal(
            ("The path is outside.", Path.Combine(outside, ".bashrc"), false), (question.Reason, question.Target, question.CanRemember));
        var refused = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Answer(question.Id, Always, new WorkerHost.InProcess()));
        Assert.Contains("is a safety check (The path is outside.)", refused.Message, StringComparison.Ordinal);
        _engine.Engine.Answer(question.Id, new QuestionAnswer(), new WorkerHost.InProcess());
        _engine.Settled(task.Id);
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Permission),
            text => text.Contains($"Links lead to: {outside}", StringComparison.Ordinal)
                && text.Contains("Reason: The path is outside.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_for_a_folder_does_not_follow_a_committed_link_out_of_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var outside = Directory.CreateDirectory(_engine["home"]).FullName;
        Directory.CreateDirectory(_engine.Repository["docs"]);
        Directory.CreateSymbolicLink(_engine.Repository["docs/out"], outside);
        _engine.Repository.Commit("A link");
        AnswerFirst(Asking("docs/a.md", ""), Always with { Pattern = "docs/*" });

        var attack = RunWithRules(Asking("docs/out/.bashrc", ""));

        Assert.Equal(["Write"], attack.DeniedTools);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public void A_command_that_is_to_leave_the_sandbox_is_decided_by_a_person_who_sees_that()
    {
        const string Leaving = """{"tool":"Bash","ask":true,"input":{"command":"touch out","dangerouslyDisableSandbox":true} }""";
        AnswerFirst(Bash("touch in", ask: true), Always with { Pattern = "*" });

        Assert.Equal(["Bash"], RunWithRules(Leaving).DeniedTools);
        var task = _engine.Start(Request(Leaving));
        var question = Asked(task);
        Assert.Equal(("It is to run outside Claude Code's sandbox.", false), (question.Reason, question.CanRemember));
        _engine.Engine.Answer(question.Id, new QuestionAnswer(), new WorkerHost.InProcess());
        _engine.Settled(task.Id);
        Assert.False(File.Exists(_engine.Repository["out"]));
    }

    [Fact]
    public void An_answer_given_during_a_pause_is_for_the_same_command_only()
    {
        const string Id = "toolu_same";
        var settings = _engine.WithScenario(
            $$"""
            {"steps":[{"tool":"Bash","ask":true,"toolUseId":"{{Id}}","input":{"command":"touch asked"} }],
             "resumed":{"steps":[{"tool":"Bash","ask":true,"toolUseId":"{{Id}}","input":{"command":"touch other"} }]} }
            """);
        var task = _engine.Start(_engine.Request("Do it", settings) with { OnQuestion = QuestionPolicy.Ask });
        var first = Asked(task);
        _engine.Engine.Suspend(task.Id);
        _engine.Settled(task.Id);
        _engine.Engine.Answer(first.Id, new QuestionAnswer { IsAllowed = true }, new WorkerHost.InProcess());

        var second = Asked(task);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Contains("touch other", second.Text, StringComparison.Ordinal);
        _engine.Engine.Answer(second.Id, new QuestionAnswer(), new WorkerHost.InProcess());
        _engine.Settled(task.Id);
        Assert.False(File.Exists(_engine.Repository["other"]));
    }

    private static string Asking(string path, string request) =>
        $$"""{"tool":"Write","ask":true,"request":{ {{request}} },"input":{"file_path":{{Quote(path)}},"content":"x"} }""";

    private ClaudeTaskRequest Request(string step) => _engine.Request(Steps(step), new TaskSettings { OnQuestion = QuestionPolicy.Ask })
        with { AllowDirty = true };

    private void AnswerFirst(string step, QuestionAnswer answer)
    {
        var task = _engine.Start(Request(step));
        _engine.Engine.Answer(Asked(task).Id, answer, new WorkerHost.InProcess());
        if (_engine.Settled(task.Id).Status == ClaudeTaskStatus.WaitingApproval)
        {
            _engine.Engine.Reject(task.Id, null, _ => true);
        }
    }

    /// <summary>Runs a task in which only rules can allow something.</summary>
    private ClaudeTask RunWithRules(string step)
    {
        var task = _engine.Run(Request(step) with { OnQuestion = QuestionPolicy.Deny });
        if (task.Status == ClaudeTaskStatus.WaitingApproval)
        {
            _engine.Engine.Reject(task.Id, null, _ => true);
        }

        return task;
    }

    private ClaudeTaskQuestion Asked(ClaudeTask task)
    {
        Until.True(() => _engine.Engine.GetQuestions(task.Id).Count > 0, "Claude asks");
        return _engine.Engine.GetQuestions(task.Id)[0];
    }
}
