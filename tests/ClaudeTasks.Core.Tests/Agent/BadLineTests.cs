using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>No line, however broken, may throw: it would end the thread that reads the agent.</summary>
public class BadLineTests
{
    private static readonly string[] Strangers =
        ["null", "0", "-1e9", "1e999", "99999999999999999999999", "\"x\"", "\"\\ud83d\"", "[]", "[null,[],{}]", "{}", "true"];

    public static TheoryData<string> Shapes => new(
        "", " ", "{", "}", "[]", "null", "{}", "{\"type\":null}", "{\"type\":5}", "{\"type\":{}}", "{\"type\":\"\"}", "garbage", "\0\0\0",
        "{\"type\":\"new\"}", "{\"type\":\"system\"}", "{\"type\":\"assistant\"}", "{\"type\":\"user\"}", "{\"type\":\"result\"}",
        "{\"type\":\"control_request\"}", "{\"type\":\"control_response\"}", "{\"type\":\"control_response\",\"response\":[]}",
        "{\"type\":\"rate_limit_event\",\"rate_limit_info\":7}", "{\"type\":\"assistant\",\"message\":{\"content\":\"text\"}}",
        "{\"type\":\"assistant\",\"message\":{\"content\":[1,null,\"x\",[]]}}",
        "{\"type\":\"user\",\"message\":{\"content\":\"lone \\ude00 half\"}}",
        "{\"type\":\"result\",\"errors\":[\"\\ud83d\"],\"is_error\":true}",
        "{\"type\":\"result\",\"num_turns\":1.5,\"total_cost_usd\":1e400,"
            + "\"modelUsage\":{\"m\":{\"inputTokens\":9223372036854775807},\"n\":{\"inputTokens\":1}}}",
        "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":9223372036854775807}}",
        "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":-5}}",
        "{\"type\":\"system\",\"type\":\"result\",\"subtype\":\"success\",\"subtype\":\"error\"}");

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_line_of_any_shape_is_kept(string line) => AssertKept(Encoding.UTF8.GetBytes(line));

    [Theory]
    [InlineData("{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\u0001b\"}]}}")]
    [InlineData(
        "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"tool_use\",\"name\":\"mcp\",\"input\":{\"x\":\"a\u0001b\"}}]}}")]
    public void Bytes_that_are_no_UTF8_inside_a_message_do_not_hide_it(string line)
    {
        var bytes = Encoding.Latin1.GetBytes(line.Replace('\u0001', '\u00ff'));

        AssertKept(bytes);
        Assert.NotEqual(ClaudeTaskEventKind.Unknown, new MessageReader("/r").Read(bytes).Event.Kind);
    }

    [Fact]
    public void Half_a_character_in_a_name_is_kept() => AssertKept("{\"type\":\"assistant\",\"\\ud83d\":1}"u8.ToArray());

    [Fact]
    public void A_line_that_was_cut_anywhere_is_kept()
    {
        foreach (var line in OneOfEachType())
        {
            for (var cut = 0; cut < line.Length; cut += Math.Max(1, line.Length / 200))
            {
                AssertKept(line[..cut]);
            }
        }
    }

    [Fact]
    public void A_known_field_of_another_type_breaks_nothing()
    {
        var strangers = Strangers.Select(text => Encoding.UTF8.GetBytes(text)).ToArray();
        foreach (var line in OneOfEachType())
        {
            foreach (var (start, end) in Values(line))
            {
                foreach (var stranger in strangers)
                {
                    AssertKept([.. line[..start], .. stranger, .. line[end..]]);
                }
            }
        }
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Nesting_of_any_depth_is_kept(char open, char close)
    {
        var opening = open == '{' ? "{\"a\":" : "[";
        var deep = new StringBuilder("{\"type\":\"assistant\",\"message\":").Append(string.Concat(Enumerable.Repeat(opening, 100_000)))
            .Append('1').Append(close, 100_000).Append('}').ToString();

        AssertKept(Encoding.UTF8.GetBytes(deep));
    }

    [Fact]
    public void Half_a_character_is_read_around()
    {
        var line = "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"be\\nfore \\ud83d after \\u00e9\"}]}}";

        var (draft, _) = new MessageReader("/repository").Read(Encoding.UTF8.GetBytes(line));

        Assert.Equal(ClaudeTaskEventKind.Message, draft.Kind);
        Assert.Equal("be\nfore \ud83d after é", draft.Text);
    }

    private static void AssertKept(byte[] line)
    {
        var (draft, _) = new MessageReader("/repository").Read(line);
        Assert.Equal(line, StoredLine.Of(draft));
    }

    /// <summary>The first recorded line of each type and subtype.</summary>
    private static List<byte[]> OneOfEachType() =>
        [.. Transcript.Names.SelectMany(Transcript.Lines).DistinctBy(line =>
        {
            var node = JsonNode.Parse(line)!;
            return $"{node["type"]} {node["subtype"]} {node["message"]?["content"]?[0]?["type"]} {node["is_error"]}";
        })];

    /// <summary>Where each value of a line begins and ends, containers included.</summary>
    private static List<(int Start, int End)> Values(byte[] line)
    {
        var reader = new Utf8JsonReader(line);
        var values = new List<(int, int)>();
        var open = new Stack<int>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    open.Push((int)reader.TokenStartIndex);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    values.Add((open.Pop(), (int)reader.BytesConsumed));
                    break;
                case not JsonTokenType.PropertyName:
                    values.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
                    break;
            }
        }

        return values;
    }
}
