using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>What we make of recorded runs of the real CLI.</summary>
public class TranscriptTests
{
    public static TheoryData<string> All => [.. Transcript.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_line_becomes_an_event_of_the_protocol_that_keeps_it(string name)
    {
        var reader = new MessageReader("/repository");
        foreach (var line in Transcript.Lines(name))
        {
            var (draft, _) = reader.Read(line);

            Assert.Equal(line, StoredLine.Of(draft));
            Assert.NotNull(draft.Text);
            Assert.NotEqual(ClaudeTaskEventKind.Unknown, draft.Kind);
        }
    }

    [Theory]
    [InlineData("01", 0, ClaudeTaskReason.None)]
    [InlineData("02", 0, ClaudeTaskReason.None)]
    [InlineData("03", 0, ClaudeTaskReason.None)]
    [InlineData("04", 0, ClaudeTaskReason.None)]
    [InlineData("05", 1, ClaudeTaskReason.AgentError)]
    [InlineData("06", 0, ClaudeTaskReason.None)]
    [InlineData("07", 1, ClaudeTaskReason.ApiError)]
    [InlineData("08", 1, ClaudeTaskReason.ApiError)]
    [InlineData("09", 1, ClaudeTaskReason.AgentError)]
    [InlineData("10", 1, ClaudeTaskReason.BudgetExceeded)]
    [InlineData("11", 0, ClaudeTaskReason.None)]
    [InlineData("12", 0, ClaudeTaskReason.None)]
    [InlineData("13", 0, ClaudeTaskReason.None)]
    [InlineData("14", 0, ClaudeTaskReason.None)]
    [InlineData("15", 1, ClaudeTaskReason.AgentError)]
    [InlineData("16", 1, ClaudeTaskReason.ApiError)]
    [InlineData("17", 1, ClaudeTaskReason.AgentError)]
    [InlineData("18", 143, ClaudeTaskReason.AgentError)]
    [InlineData("19", 0, ClaudeTaskReason.None)]
    [InlineData("20", 0, ClaudeTaskReason.MissingEvidence)]
    [InlineData("21", 0, ClaudeTaskReason.None)]
    [InlineData("22", 0, ClaudeTaskReason.None)]
    [InlineData("23", 0, ClaudeTaskReason.AgentError)]
    public void A_recorded_run_has_its_verdict(string name, int exitCode, ClaudeTaskReason reason)
    {
        var (result, isIdle) = Transcript.Outcome(name);

        var verdict = AgentVerdict.Of(result, isIdle, exitCode, "");

        Assert.Equal(reason, verdict.Reason);
        Assert.Equal(reason == ClaudeTaskReason.None, verdict.IsSuccess);
        Assert.Equal(reason == ClaudeTaskReason.None, verdict.Text is null);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("14")]
    public void A_good_run_is_no_success_without_the_idle_signal_or_with_another_exit_code(string name)
    {
        var (result, _) = Transcript.Outcome(name);

        Assert.Contains("never became idle", AgentVerdict.Of(result, isIdle: false, 0, "").Text, StringComparison.Ordinal);
        Assert.Contains("exit code was 3", AgentVerdict.Of(result, isIdle: true, 3, "").Text, StringComparison.Ordinal);
        Assert.Contains("did not end by itself", AgentVerdict.Of(result, isIdle: true, null, "").Text, StringComparison.Ordinal);
        Assert.Contains("made no turn", AgentVerdict.Of(result! with { Turns = 0 }, isIdle: true, 0, "").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_that_do_not_work_are_named()
    {
        const string Line = """
            {"type":"system","subtype":"init","model":"small","mcp_servers":[{"name":"a","status":"connected"},
            {"name":"b","status":"failed"},{"name":"c","status":"needs-auth"},{"name":"d","status":"pending"}]}
            """;

        var (_, message) = new MessageReader("/").Read(System.Text.Encoding.UTF8.GetBytes(Line.ReplaceLineEndings("")));

        Assert.Equal(["b (failed)", "c (needs-auth)"], Assert.IsType<AgentMessage.TurnStarted>(message).FailedServers);
    }

    [Fact]
    public void A_denied_tool_is_named_beside_the_success() => Assert.Equal(["Write"], Transcript.Outcome("02").Result!.DeniedTools);

    [Theory]
    [InlineData("07", "Invalid API key")]
    [InlineData("07", "HTTP 401")]
    [InlineData("08", "5-hour limit")]
    [InlineData("09", "maximum number of turns")]
    [InlineData("10", "maximum budget")]
    [InlineData("15", "No conversation found")]
    [InlineData("16", "Please run /login")]
    [InlineData("18", "exit code 143")]
    [InlineData("20", "tool_deferred")]
    public void A_verdict_says_what_the_agent_said(string name, string words)
    {
        var (result, isIdle) = Transcript.Outcome(name);

        Assert.Contains(words, AgentVerdict.Of(result, isIdle, name == "18" ? 143 : 0, "").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_standard_error_is_quoted_and_not_more()
    {
        var text = AgentVerdict.Of(null, false, 1, new string('a', 5000) + "the end").Text!;

        Assert.EndsWith("the end", text, StringComparison.Ordinal);
        Assert.True(text.Length < 1000);
    }

    [Fact]
    public void Cost_turns_tokens_and_answer_are_read()
    {
        var result = Transcript.Outcome("01").Result!;

        Assert.Equal("Added n1.txt.", result.Text);
        Assert.Equal(2, result.Turns);
        Assert.True(result.Usage.CostUsd > 0);
        Assert.True(result.Usage.InputTokens > 0);
        Assert.True(result.Usage.OutputTokens > 0);
    }

    [Fact]
    public void The_last_of_two_results_counts() => Assert.Equal("The helper is done.", Transcript.Outcome("12").Result!.Text);

    [Fact]
    public void The_first_answer_tells_who_is_logged_in()
    {
        var (_, message) = new MessageReader("/repository").Read(Transcript.Lines("23").Single());

        var answer = Assert.IsType<AgentMessage.ControlAnswer>(message);
        Assert.True(answer.IsSuccess);
        Assert.NotNull(answer.Account);
        Assert.True(answer.Account.IsLoggedIn);
    }
}
