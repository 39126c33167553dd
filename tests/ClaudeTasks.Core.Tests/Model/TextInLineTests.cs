using System.Text;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>The store keeps what an agent says once, and gives its line back byte for byte.</summary>
public sealed class TextInLineTests
{
    private const string Long = "A text that is long enough to be worth it";

    [Theory]
    [InlineData("plain", Long)]
    [InlineData("what JSON escapes", Long + " \"quoted\" \\ back, \n\r\t\b\f and \u0001\u001f\u007f")]
    [InlineData("other scripts", Long + " ünï 修正 مرحبا 👩‍👩‍👧 \u2028\u2029\ufeff\ufffd")]
    [InlineData("a slash, which may be escaped and is not", Long + " a/b")]
    public void A_text_as_the_agent_writes_it_is_stored_once(string what, string text)
    {
        var line = $$"""{"what":"{{what}}",""" + Line(Stringify(text))[1..];
        var draft = Read(line);

        Assert.Equal((ClaudeTaskEventKind.Message, text), (draft.Kind, draft.Text));
        Assert.NotNull(draft.TextAt);
        Assert.Equal(Encoding.UTF8.GetByteCount(line) - Encoding.UTF8.GetByteCount(Stringify(text)), draft.Raw!.Length);
        Assert.Equal(line, Encoding.UTF8.GetString(StoredLine.Of(draft)!));
    }

    [Theory]
    [InlineData(@"escaped without need \u0041\/")]
    [InlineData(@"with capitals \u001F")]
    [InlineData(@"half a character \ud83d")]
    [InlineData(@"a zero \u0000 in it")]
    public void A_text_that_is_written_otherwise_stays_in_its_line(string written)
    {
        var line = Line($"{Long} {written}");
        var draft = Read(line);

        Assert.Null(draft.TextAt);
        Assert.Equal(line, Encoding.UTF8.GetString(StoredLine.Of(draft)!));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(699, false)]
    public void A_text_that_begins_elsewhere_too_is_found_where_it_is_whole_unless_it_begins_everywhere(int before, bool isFound)
    {
        // Its first 512 characters are looked for.
        var text = new string('x', 700) + "!";
        var line = $$"""{"note":"{{new string('x', before)}}",""" + Line(text)[1..];
        var draft = Read(line);

        Assert.Equal(isFound, draft.TextAt is not null);
        Assert.Equal(line, Encoding.UTF8.GetString(StoredLine.Of(draft)!));
    }

    [Fact]
    public void Any_text_comes_back_whatever_its_pieces_end_with()
    {
        var random = new Random(1);
        string[] parts = ["a", "ü", "修", "👩", "\n", "\"", "\\", "\u0003", new string('b', 500)];
        for (var round = 0; round < 2000; round++)
        {
            var text = Long + string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => parts[random.Next(parts.Length)]));
            var line = Line(Stringify(text));
            var draft = Read(line);

            Assert.NotNull(draft.TextAt);
            Assert.Equal(line, Encoding.UTF8.GetString(StoredLine.Of(draft)!));
        }
    }

    [Fact]
    public void Of_a_damaged_event_there_is_what_is_left()
    {
        var rest = """{"text":""}"""u8.ToArray();

        Assert.Equal(
            rest, new ClaudeTaskEvent(1, Guid.Empty, 1, default, ClaudeTaskEventKind.Message, null, rest, textAt: 9).GetRawBytes());
        Assert.Equal(
            rest, new ClaudeTaskEvent(1, Guid.Empty, 1, default, ClaudeTaskEventKind.Message, "said", rest, textAt: 90).GetRawBytes());
        Assert.Equal(
            rest, new ClaudeTaskEvent(1, Guid.Empty, 1, default, ClaudeTaskEventKind.Message, "said", rest, textAt: -1).GetRawBytes());
    }

    [Fact]
    public void The_real_agent_writes_it_so()
    {
        var events = Transcript.Names.SelectMany(Transcript.Lines)
            .Select(line => new MessageReader("/repository").Read(line).Event)
            .ToList();

        Assert.Contains(events, item => item.TextAt is not null);
    }

    private static string Line(string written) =>
        """{"type":"assistant","message":{"content":[{"type":"text","text":" """.TrimEnd() + written + "\"}]}}";

    private static EventDraft Read(string line) => new MessageReader("/repository").Read(Encoding.UTF8.GetBytes(line)).Event;

    /// <summary>As <c>JSON.stringify</c> does, character by character.</summary>
    private static string Stringify(string text) => string.Concat(text.Select(character => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => $"\\u{(int)character:x4}",
        _ => character.ToString(),
    }));
}
