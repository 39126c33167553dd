using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What reaches the agent, and what comes from it, byte for byte.</summary>
public sealed class TaskInputTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public static TheoryData<string> Prompts =>
    [
        "plain", "/clear", "/etc/passwd", "-p --help", "@readme.md", "two\r\nlines\n",
        "ünï 修正 😀 \u2028 \u202e", "nul \0 inside", "\ufeffbom", "{\"json\":[1]}"
    ];

    [Theory]
    [MemberData(nameof(Prompts))]
    public void A_prompt_reaches_the_agent_as_it_is_and_stays_so_in_the_store(string prompt) => AssertEchoed(prompt);

    [Fact]
    public void A_long_prompt_is_not_cut_at_a_NUL() => AssertEchoed(new string('a', 2000) + "\0" + new string('b', 2000));

    [Fact]
    public void A_prompt_of_a_megabyte_reaches_the_agent() => AssertEchoed(string.Concat(Enumerable.Repeat("0123456789abcdé\n", 65_000)));

    [Fact]
    public void The_prompt_goes_in_as_composed_text_and_never_by_the_command_line()
    {
        var task = _engine.Run(Steps("""{"echoStdin":true}""", """{"echoArgs":true}""") + "\n");

        var texts = _engine.Texts(task.Id, ClaudeTaskEventKind.Message);
        Assert.Contains("\"client_composed\":true", texts[0], StringComparison.Ordinal);
        Assert.Contains("Do it", texts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Do it", texts[1], StringComparison.Ordinal);
        Assert.Contains($"--session-id={task.ConversationId}", texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_agent_works_in_the_root_of_the_work_tree_and_carries_the_tasks_cookie()
    {
        Directory.CreateDirectory(_engine.Repository["sub"]);

        var task = _engine.Run(Steps("""{"text":"{cwd}"}""", """{"echoEnv":"CLAUDETASKS_TASK"}"""), repository: _engine.Repository["sub"]);

        Assert.Equal([_engine.Repository.Root, task.TaskId.ToString()], _engine.Texts(task.Id, ClaudeTaskEventKind.Message));
        Assert.Equal(_engine.Repository.Root, task.Repository);
    }

    [Fact]
    public void A_line_of_ten_megabytes_is_kept_whole()
    {
        var task = _engine.Run(Steps("""{"huge":10485760}""", Says("after")));

        var messages = _engine.Events(task.Id, ClaudeTaskEventKind.Message);
        Assert.Equal(new string('x', 10485760), messages[0].Text);
        Assert.True(messages[0].GetRawBytes()!.Length > 10485760);
        Assert.Equal("after", messages[1].Text);
        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
    }

    [Fact]
    public void Lines_that_are_not_the_protocols_are_kept_as_they_came_and_disturb_nothing()
    {
        byte[][] lines = [[0xff, 0xfe, 0, 1], [.. "not json"u8], [.. "{\"cut\":"u8], [.. "\u001b[31mred"u8], []];
        var steps = lines.Select(line => Step("rawBase64", Convert.ToBase64String(line))).Append(Says("after"));

        var task = _engine.Run(Steps([.. steps]));

        Assert.Equal(
            lines.Select(Convert.ToHexString),
            _engine.Events(task.Id, ClaudeTaskEventKind.Unknown).Select(item => Convert.ToHexString(item.GetRawBytes()!)));
        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
    }

    [Fact]
    public void A_last_line_without_an_end_is_kept()
    {
        var bytes = Convert.ToBase64String("cut off"u8);

        var task = _engine.Run(Steps($$"""{"rawBase64":"{{bytes}}","noNewline":true}""", """{"exit":1}"""));

        Assert.Equal(["cut off"], _engine.Texts(task.Id, ClaudeTaskEventKind.Unknown));
    }

    [Fact]
    public void Twenty_thousand_lines_come_in_order_and_without_a_gap()
    {
        var task = _engine.Run(Steps("""{"repeat":20000,"steps":[{"text":"line {n}"}]}"""));

        Assert.Equal(Enumerable.Range(0, 20000).Select(i => $"line {i}"), _engine.Texts(task.Id, ClaudeTaskEventKind.Message));
        var all = _engine.Events(task.Id);
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(item => item.Seq));
    }

    public void Dispose() => _engine.Dispose();

    private void AssertEchoed(string prompt)
    {
        var scenario = """{"steps":[{"echoPrompt":true}]}""";

        var task = _engine.Run(prompt, _engine.WithScenario(scenario));

        Assert.Equal(prompt, Assert.Single(_engine.Texts(task.Id, ClaudeTaskEventKind.Message)));
        Assert.Equal(prompt, task.Prompt);
    }
}
