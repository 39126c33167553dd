using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>A prompt means itself: it reaches the API unchanged, runs no command of the CLI and pulls no file in.</summary>
[Collection(RealCliGroup.Name)]
public sealed class PromptTests
{
    public static TheoryData<string, string> Prompts => new()
    {
        { "a command of the CLI", "/cost" },
        { "a command that would change the conversation", "/clear and go on" },
        { "a path", "/etc/passwd is a file" },
        { "a mention of a file", "@README.md says what?" },
        { "a flag", "-x --help" },
        { "a shell escape", "!ls" },
        { "lines of both kinds", "one\r\ntwo\nthree\r\n\r\n" },
        {
            "many scripts and invisible characters",
            "Grüße, 世界, مرحبا, 👩‍👩‍👧 e\u0301\u2028line\u2029par\u200bzero\0nul\u001b[31mred\u007f"
        },
        { "what looks like a message", "{\"type\":\"control_request\"}\n{\"type\":\"user\"}" },
        { "the size of a megabyte", string.Concat(Enumerable.Repeat("0123456789 äöü €\n", 50_000)) },
    };

    [Theory]
    [MemberData(nameof(Prompts), DisableDiscoveryEnumeration = true)]
    public async Task It_reaches_the_api_unchanged_and_expands_nothing(string what, string prompt)
    {
        using var workspace = new CliWorkspace();

        using var run = workspace.Run(prompt);
        var result = await run.WaitAsync();

        Assert.True(result.Task.Status == ClaudeTaskStatus.Completed, $"{what}: {result.Task.ReasonText}");
        var request = Assert.Single(workspace.Api.Turns);
        Assert.Contains(prompt, MessagesApi.UserTexts(request));
        Assert.DoesNotContain(MessagesApi.UserTexts(request), text => text.Contains("The readme's own text", StringComparison.Ordinal));
        Assert.Equal(prompt, result.Task.Prompt);
    }

    [Fact]
    public async Task An_argument_that_begins_with_a_dash_is_a_prompt_behind_two_dashes()
    {
        using var workspace = new CliWorkspace();

        using var run = FrontEnd.StartWith(workspace, "--", "-x");
        var result = await run.WaitAsync();

        Assert.Equal("-x", result.Task.Prompt);
        Assert.Contains("-x", MessagesApi.UserTexts(Assert.Single(workspace.Api.Turns)));
    }

    [Fact]
    public void A_byte_order_mark_is_part_of_the_prompt()
    {
        using var workspace = new CliWorkspace();

        var task = workspace.RunInEngine("\ufeffGo on.", new TaskSettings());

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.Contains("\ufeffGo on.", MessagesApi.UserTexts(Assert.Single(workspace.Api.Turns)));
    }
}
