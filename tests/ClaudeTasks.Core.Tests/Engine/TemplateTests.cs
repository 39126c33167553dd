using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class TemplateTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("Fix {{Issue}} and add a test", "Issue")]
    [InlineData("{{a-1}}{{ B_2 }} {{\ta-1\n}} {{größe}}", "a-1 B_2 größe")]
    [InlineData("{{Issue}} and {{issue}}", "Issue")]
    [InlineData("{{}} {{ }} {{a b}} {{.Values.x}} {a} { {a} } {{a}", "")]
    [InlineData("{{{{a}} is not one, {{{b}}} is", "b")]
    public void Places_are_names_in_double_braces(string prompt, string names) =>
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), Template(prompt).Placeholders);

    [Fact]
    public void Values_are_put_in_as_the_text_they_are()
    {
        var template = Template("{{a}}-{{ A }}-{{b}}-{{{{a}}-{{{b}}}");

        Assert.Equal("{{b}} $1 \\0-{{b}} $1 \\0-{{a}}-{{a}}-{{{a}}}", template.Fill(Values(("a", "{{b}} $1 \\0"), ("B", "{{a}}"))));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        var error = Assert.Throws<ClaudeTaskException>(
            () => Template("{{one}} {{two}} {{three}}").Fill(Values(("two", "2"), ("THREE", null))));

        Assert.Equal(ClaudeTaskErrorId.TemplateValueMissing, error.ErrorId);
        Assert.Contains("'one', 'three'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("two", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Value", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_has_no_place_is_named_with_what_there_is()
    {
        var error = Assert.Throws<ClaudeTaskException>(() => Template("{{one}} {{two}}").Fill(Values(("one", "1"), ("too", "2"))));

        Assert.Equal(ClaudeTaskErrorId.InvalidArgument, error.ErrorId);
        Assert.Contains("'too'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'one', 'two'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_is_kept_with_all_it_says_and_no_more()
    {
        var template = Template("Fix {{Issue}}") with
        {
            Description = "Fixes",
            Model = "opus",
            AllowedTool = ["Read", "Bash(git *)"],
            Timeout = TimeSpan.FromSeconds(20),
            Gate = [],
            RepairAttempt = 2,
            Worktree = false,
        };
        _engine.Engine.Settings.RegisterTemplate(template);

        using var later = _engine.OpenEngine();
        var kept = Assert.Single(later.Settings.GetTemplates());

        Assert.Equal((template.Name, template.Prompt, template.Description), (kept.Name, kept.Prompt, kept.Description));
        Assert.Equal(template.AllowedTool, kept.AllowedTool);
        Assert.Equal([], kept.Gate!);
        Assert.Equal(
            (template.Model, template.Timeout, template.RepairAttempt, template.Worktree),
            (kept.Model, kept.Timeout, kept.RepairAttempt, kept.Worktree));
        Assert.Null(kept.StallTimeout);
        Assert.Null(kept.AutoApprove);
        Assert.Null(kept.DisallowedTool);
    }

    [Fact]
    public void One_of_the_same_name_is_replaced_whatever_the_case_and_taken_out_again()
    {
        _engine.Engine.Settings.RegisterTemplate(Template("Old") with { Name = "Ändern" });
        _engine.Engine.Settings.RegisterTemplate(Template("New") with { Name = "ändern" });
        _engine.Engine.Settings.RegisterTemplate(Template("Other") with { Name = "a" });

        Assert.Equal(
            [("a", "Other"), ("ändern", "New")],
            _engine.Engine.Settings.GetTemplates().Select(template => (template.Name, template.Prompt)));
        _engine.Engine.Settings.UnregisterTemplate("ÄNDERN");
        Assert.Single(_engine.Engine.Settings.GetTemplates());
        Assert.Equal(
            ClaudeTaskErrorId.TemplateNotFound,
            Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Settings.UnregisterTemplate("ändern")).ErrorId);
    }

    [Fact]
    public void A_template_that_could_make_no_task_is_refused()
    {
        var good = Template("Do it");
        (ClaudeTaskTemplate Bad, ClaudeTaskErrorId Id)[] cases =
        [
            (good with { Name = " " }, ClaudeTaskErrorId.InvalidArgument),
            (good with { Prompt = " " }, ClaudeTaskErrorId.InvalidPrompt),
            (good with { Timeout = TimeSpan.Zero }, ClaudeTaskErrorId.InvalidArgument),
            (good with { ThrottleLimit = 0 }, ClaudeTaskErrorId.InvalidArgument),
            (good with { RepairAttempt = 21 }, ClaudeTaskErrorId.InvalidArgument),
            (good with { AgentArgument = ["--print"] }, ClaudeTaskErrorId.AgentArgumentRefused),
        ];

        Assert.All(cases, item => Assert.Equal(
            item.Id, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Settings.RegisterTemplate(item.Bad)).ErrorId));
        Assert.Empty(_engine.Engine.Settings.GetTemplates());
    }

    [Fact]
    public void Parameters_override_the_template_which_overrides_the_options_which_override_the_defaults()
    {
        _engine.Engine.Settings.SetOptions(new Dictionary<ClaudeTaskOptionName, object?>
        {
            [ClaudeTaskOptionName.Model] = "by option",
            [ClaudeTaskOptionName.PermissionMode] = "plan",
            [ClaudeTaskOptionName.StartTimeout] = TimeSpan.FromSeconds(30),
            [ClaudeTaskOptionName.WorktreeFolder] = _engine["trees"],
            [ClaudeTaskOptionName.MaxCost] = 5m,
            [ClaudeTaskOptionName.QuestionTimeout] = TimeSpan.FromHours(1),
        });
        _engine.Engine.Settings.RegisterTemplate(Template("Do it") with
        {
            Model = "by template", PermissionMode = "dontAsk", AutoApprove = true,
            AllowDirty = true, Gate = ["build"], MaxCost = 2, Retry = 3,
        });
        ClaudeTaskSettings said = new() { Model = "said", AllowDirty = false };

        var request = _engine.Engine.Settings.CreateRequest("FIX", Values(), "/r", "s", said);

        Assert.Equal("fix", request.Template);
        Assert.Equal(("said", "dontAsk"), (request.Model, request.PermissionMode));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)), (request.StartTimeout, request.Timeout));
        Assert.Equal((true, false), (request.AutoApprove, request.AllowDirty));
        Assert.Equal(["build"], request.Gate!);
        Assert.Null(request.WorktreeFolder);
        Assert.Equal((2m, 3, TimeSpan.FromHours(1)), (request.MaxCost, request.Retry, request.QuestionTimeout));

        var plain = _engine.Engine.Settings.CreateRequest("Do it", "/r", "s", new ClaudeTaskSettings { Worktree = true });
        Assert.Equal((null, "by option", "plan"), (plain.Template, plain.Model, plain.PermissionMode));
        Assert.Equal((false, _engine["trees"]), (plain.AllowDirty ?? false, plain.WorktreeFolder));
        Assert.Equal((5m, 0), (plain.MaxCost, plain.Retry));
        Assert.Null(plain.Gate);
    }

    [Fact]
    public void A_task_keeps_the_name_of_its_template()
    {
        Assert.Null(_engine.Run(Simulated.Steps()).Template);
        _engine.Engine.Settings.RegisterTemplate(Template("Say {{Word}}"));
        var request = _engine.Engine.Settings.CreateRequest(
            "Fix", Values(("word", "hello")), _engine.Repository.Root, "work", new ClaudeTaskSettings());

        var task = _engine.Run(request with { ClaudePath = Simulated.Program });

        Assert.Equal(("fix", "Say hello"), (task.Template, task.Prompt));
    }

    [Fact]
    public void A_template_that_is_not_there_is_named()
    {
        var error = Assert.Throws<ClaudeTaskException>(
            () => _engine.Engine.Settings.CreateRequest("fix", Values(), "/r", "s", new ClaudeTaskSettings()));

        Assert.Equal((ClaudeTaskErrorId.TemplateNotFound, "fix"), (error.ErrorId, error.Target));
    }

    private static ClaudeTaskTemplate Template(string prompt) => new() { Name = "fix", Prompt = prompt };

    private static Dictionary<string, string?> Values(params (string Name, string? Value)[] values) =>
        values.ToDictionary(item => item.Name, item => item.Value);
}
