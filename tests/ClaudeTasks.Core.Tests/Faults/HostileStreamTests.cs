using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Agents that print what no agent should: all of it is stored as it came, and what is no success is told as none.</summary>
public sealed class HostileStreamTests : IDisposable
{
    private const string GoodResult =
        """{"type":"result","subtype":"success","is_error":false,"terminal_reason":"completed","num_turns":1,"result":"I lie."}""";
    private const string Idle = """{"type":"system","subtype":"session_state_changed","state":"idle"}""";

    private readonly EngineFixture _engine = new();

    public static TheoryData<string> BrokenLines => new(
        "", "\0\0", "\0{\"type\":\"result\"}", "\r", "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"cut",
        "{\"type\":\"from the future\",\"a\":[1,{}]}", "{\"type\":\"result\"}x", "{\"type\":[\"result\"],\"subtype\":{\"success\":1}}",
        "{\"type\":\"system\",\"subtype\":\"init\",\"model\":17,\"session_id\":[]}",
        "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":1e300}}",
        "{\"type\":\"user\",\"message\":{\"content\":-1e999}}",
        "{\"type\":\"assistant\",\"message\":{\"usage\":{\"output_tokens\":99999999999999999999999999}}}", "not JSON at all",
        "\u001b[2J\u001b]0;title\u0007", "[[[[[[");

    [Theory]
    [MemberData(nameof(BrokenLines))]
    public void A_broken_line_among_good_ones_is_kept_and_changes_nothing(string line)
    {
        var task = _engine.Run(Steps(Says("before"), Raw(line), Says("after")));

        Assert.True(task.Status == ClaudeTaskStatus.Completed, task.ReasonText);
        Assert.Equal(["before", "after"], _engine.Texts(task.Id, ClaudeTaskEventKind.Message));
        Assert.Contains(line == "\r" ? "" : line, _engine.Events(task.Id).Select(item => item.Raw));
    }

    [Fact]
    public void A_character_whose_bytes_come_one_by_one_is_whole()
    {
        var line = Encoding.UTF8.GetBytes("""{"type":"assistant","message":{"content":[{"type":"text","text":"ünï 漢字 😀 é"}]}}""" + "\n");
        var steps = line.Select(one => $$"""{"rawBase64":"{{Convert.ToBase64String([one])}}","noNewline":true}""");

        var task = _engine.Run(Steps([.. steps]));

        Assert.Equal(["ünï 漢字 😀 é"], _engine.Texts(task.Id, ClaudeTaskEventKind.Message));
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void What_nests_100_000_deep_is_kept(char open, char close)
    {
        var deep = new StringBuilder("{\"type\":\"assistant\",\"message\":")
            .Append(string.Concat(Enumerable.Repeat(open == '{' ? "{\"a\":" : "[", 100_000)))
            .Append('1').Append(close, 100_000).Append('}').ToString();

        var task = _engine.Run(Steps($$"""{"rawBase64":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(deep))}}"}""", Says("after")));

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.Contains(deep, _engine.Events(task.Id).Select(item => item.Raw));
    }

    [Fact]
    public void Lines_of_64_MB_come_whole()
    {
        const int Size = 64 * 1024 * 1024;
        var task = _engine.Run(Steps(Says("before"), $$"""{"huge":{{Size}}}""", Says("between"), $$"""{"huge":{{Size}}}""", Says("after")));

        Assert.True(task.Status == ClaudeTaskStatus.Completed, task.ReasonText);
        var lines = _engine.Events(task.Id, ClaudeTaskEventKind.Message);
        Assert.Equal(
            [6, Size, 7, Size, 5],
            lines.Select(item => JsonDocument.Parse(item.GetRawBytes()!).RootElement
                .GetProperty("message")
                .GetProperty("content")[0]
                .GetProperty("text")
                .GetString()!.Length));
    }

    [Fact]
    public void Millions_of_lines_are_all_there_in_order()
    {
        const string Line = """{"type":"assistant","message":{"content":[{"type":"text","text":"{n}"}]}}""";
        var count = LongMode.Of(100_000, 10_000_000);
        var clock = Stopwatch.StartNew();
        var id = _engine.Start(Steps($$"""{"repeat":{{count}},"steps":[{"raw":{{Quote(Line)}} }]}""")).Id;
        using var limit = new CancellationTokenSource(TimeSpan.FromHours(1));
        _engine.Engine.WaitUntil([id], task => task.IsSettled, limit.Token);
        var elapsed = clock.Elapsed;

        var next = 0;
        foreach (var item in _engine.Engine.ReadEvents(id, [ClaudeTaskEventKind.Message], default))
        {
            Assert.Equal(next.ToString(CultureInfo.InvariantCulture), item.Text);
            next++;
        }

        Assert.Equal(count, next);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Get(id).Status);
        LongMode.Note(
            "lines written by an agent, seconds until all were stored, MB of the store",
            $"{count} {elapsed.TotalSeconds:0} {new FileInfo(_engine.Engine.Store.Path).Length / 1_000_000}");
    }

    [Fact]
    public void A_flood_on_standard_error_while_nothing_else_is_said_is_kept_and_holds_nothing_up()
    {
        var count = LongMode.Of(20_000, 1_000_000);
        var task = _engine.Run(
            Steps(
                Bash($"seq {count} 1>&2"),
                $$"""{"spawn":{"command":"seq {{count}} 1>&2","inheritStdio":true,"wait":true} }""",
                Says("after")),
            new TaskSettings { StallTimeout = TimeSpan.FromMinutes(2) });

        Assert.True(task.Status == ClaudeTaskStatus.Completed, task.ReasonText);
        Assert.Equal(
            Enumerable.Range(1, count).Select(n => n.ToString(CultureInfo.InvariantCulture)),
            _engine.Texts(task.Id, ClaudeTaskEventKind.StandardError));
    }

    /// <summary>What is printed before an exit with code 0, and what must not be taken for a success.</summary>
    public static TheoryData<string, string[]> Lies => new()
    {
        { "a result and no idle signal", [GoodResult] },
        { "an idle signal before the result", [Idle, GoodResult] },
        { "an error after a success", [GoodResult, Idle, GoodResult.Replace("false", "true", StringComparison.Ordinal), Idle] },
        {
            "a success inside a text",
            [
                JsonSerializer.Serialize(
                    new { type = "assistant", message = new { content = new[] { new { type = "text", text = $"{GoodResult}\n{Idle}" } } } })
            ]
        },
        { "a success inside an array", [$"[{GoodResult}]", Idle] },
        { "a success cut short", [GoodResult[..^2], Idle] },
        { "an error flag of another type", [GoodResult.Replace("false", "\"true\"", StringComparison.Ordinal), Idle] },
        { "a number of turns of another type", [GoodResult.Replace(":1,", ":\"1\",", StringComparison.Ordinal), Idle] },
        { "a success of another case", [GoodResult.Replace("\"success\"", "\"Success\"", StringComparison.Ordinal), Idle] },
        {
            "a success that is taken back by its second half",
            [
                GoodResult.Replace("\"num_turns\"", "\"subtype\":\"error_during_execution\",\"num_turns\"", StringComparison.Ordinal),
                Idle
            ]
        },
        { "a new turn after the success", [GoodResult, Idle, """{"type":"system","subtype":"init","model":"m"}"""] },
        { "nothing", [] },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void It_is_no_success_that_is_not_proven(string what, string[] lines)
    {
        var task = _engine.Run(Steps([Write("half.txt", "half\n"), .. lines.Select(Raw), """{"exit":0}"""]));

        Assert.True(task.Status == ClaudeTaskStatus.Failed, $"{what}: {task.Status}");
        Assert.False(string.IsNullOrEmpty(task.ReasonText));
        Assert.Equal("half.txt", Assert.Single(_engine.Engine.GetChanges(task.Id)).Path);
    }

    [Fact]
    public void What_is_printed_after_a_proven_success_is_kept_and_takes_nothing_from_it()
    {
        var task = _engine.Run(Steps(Raw(GoodResult), Raw(Idle), Raw("afterthought"), """{"exit":0}"""));

        Assert.True(task.Status == ClaudeTaskStatus.Completed, task.ReasonText);
        Assert.Contains("afterthought", _engine.Events(task.Id).Select(item => item.Raw));
    }

    public void Dispose() => _engine.Dispose();

    private static string Raw(string line) => $$"""{"rawBase64":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(line))}}"}""";
}
