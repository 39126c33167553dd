using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests;

public class PromptRulesTests
{
    private static readonly ClaudeTaskRequest Good = new() { Prompt = "Do it", Repository = "/repository", Session = "work" };

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\r\n\t \u00a0\u2003")]
    public void A_blank_prompt_is_refused(string prompt) => AssertRefused(Good with { Prompt = prompt }, ClaudeTaskErrorId.InvalidPrompt);

    [Theory]
    [InlineData(new[] { 0xd83d }, 0)]
    [InlineData(new[] { 0x61, 0xde00 }, 1)]
    public void Half_a_character_is_refused_and_its_place_is_said(int[] characters, int position)
    {
        var prompt = string.Concat(characters.Select(item => (char)item));

        var error = AssertRefused(Good with { Prompt = prompt + "bc" }, ClaudeTaskErrorId.InvalidPrompt);

        Assert.Contains($"position {position}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Eight_megabytes_are_the_most_counted_in_bytes()
    {
        PromptRules.Check(Good with { Prompt = new string('x', PromptRules.LongestPromptBytes) });

        AssertRefused(Good with { Prompt = new string('x', PromptRules.LongestPromptBytes + 1) }, ClaudeTaskErrorId.InvalidPrompt);
        AssertRefused(Good with { Prompt = new string('é', (PromptRules.LongestPromptBytes / 2) + 1) }, ClaudeTaskErrorId.InvalidPrompt);
    }

    [Theory]
    [InlineData("-x do it")]
    [InlineData("--help")]
    [InlineData("/clear")]
    [InlineData("/etc/passwd is what?")]
    [InlineData("@file")]
    [InlineData("nul \0 inside")]
    [InlineData("\ufeffbom")]
    [InlineData("修正 😀 ‮rtl")]
    public void Text_that_only_looks_odd_is_a_prompt(string prompt) => PromptRules.Check(Good with { Prompt = prompt });

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(0.5)]
    [InlineData(8 * 24 * 3600)]
    public void An_absurd_limit_is_refused_by_name(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);

        var errors = new[]
        {
            AssertRefused(Good with { Timeout = time }, ClaudeTaskErrorId.InvalidArgument),
            AssertRefused(Good with { StallTimeout = time }, ClaudeTaskErrorId.InvalidArgument),
            AssertRefused(Good with { StartTimeout = time }, ClaudeTaskErrorId.InvalidArgument),
        };

        Assert.Equal(["Timeout", "StallTimeout", "StartTimeout"], errors.Select(error => error.Message.Split(' ')[0]));
    }

    [Fact]
    public void The_ends_of_the_range_are_limits_too()
    {
        PromptRules.Check(Good with { Timeout = TimeSpan.FromSeconds(1) });
        PromptRules.Check(Good with { Timeout = SettingDefinition.LongestLimit });
        AssertRefused(Good with { Timeout = TimeSpan.MaxValue }, ClaudeTaskErrorId.InvalidArgument);
        AssertRefused(Good with { Timeout = TimeSpan.MinValue }, ClaudeTaskErrorId.InvalidArgument);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_throttle_under_one_is_refused(int limit) =>
        AssertRefused(Good with { ThrottleLimit = limit }, ClaudeTaskErrorId.InvalidArgument);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_session_needs_a_name(string name) => AssertRefused(Good with { Session = name }, ClaudeTaskErrorId.InvalidArgument);

    [Fact]
    public void A_value_that_no_command_line_can_hold_is_refused()
    {
        AssertRefused(Good with { Model = "a\0b" }, ClaudeTaskErrorId.InvalidArgument);
        AssertRefused(Good with { AllowedTool = ["Edit", "a\0b"] }, ClaudeTaskErrorId.InvalidArgument);
        AssertRefused(Good with { AppendSystemPrompt = new string('x', 30_000) }, ClaudeTaskErrorId.InvalidArgument);
        AssertRefused(Good with { AgentArgument = ["--resume=x"] }, ClaudeTaskErrorId.AgentArgumentRefused);
    }

    private static ClaudeTaskException AssertRefused(ClaudeTaskRequest request, ClaudeTaskErrorId id)
    {
        var error = Assert.Throws<ClaudeTaskException>(() => PromptRules.Check(request));
        Assert.Equal(id, error.ErrorId);
        Assert.NotNull(error.RecommendedAction);
        return error;
    }
}
