using System.Text.Json;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests;

public class EventTextTests
{
    [Theory]
    [InlineData("Read", """{"file_path":"/work/repo/src/api.cs"}""", "Reading: src/api.cs")]
    [InlineData("Edit", """{"file_path":"/work/repo/src/api.cs"}""", "Editing: src/api.cs")]
    [InlineData("Write", """{"file_path":"/work/repository/x"}""", "Writing: /work/repository/x")]
    [InlineData("Write", """{"file_path":"relative.txt"}""", "Writing: relative.txt")]
    [InlineData("Write", "{}", "Writing: ?")]
    [InlineData("Bash", """{"command":"npm test\nnpm run lint"}""", "Running: npm test …")]
    [InlineData("Grep", """{"pattern":"a.b"}""", "Searching: a.b")]
    [InlineData("mcp__jira__get", """{"id":7}""", """Using mcp__jira__get: {"id":7}""")]
    public void A_tool_call_says_what_it_does(string tool, string input, string text)
    {
        using var document = JsonDocument.Parse(input);

        Assert.Equal(text, new EventText("/work/repo").DescribeTool(tool, document.RootElement));
    }

    [Theory]
    [InlineData(
        """
        {"type":"system","subtype":"api_retry","attempt":2,"max_retries":10,"retry_delay_ms":1500,"error":"overloaded",
         "error_status":529}
        """,
        ClaudeTaskEventKind.Warning, "Retry 2 of 10 in 1.5 s: overloaded 529")]
    [InlineData("""{"type":"system","subtype":"permission_denied","tool_name":"Bash","message":"not here"}""",
        ClaudeTaskEventKind.Permission, "Denied Bash: not here")]
    [InlineData("""{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","rateLimitType":"five_hour","resetsAt":1800000000}}""",
        ClaudeTaskEventKind.Warning, "Usage limit five_hour: rejected, resets at 2027-01-15 08:00:00Z")]
    [InlineData("""{"type":"rate_limit_event","rate_limit_info":{"status":"allowed"}}""", ClaudeTaskEventKind.Protocol, "rate_limit_event")]
    [InlineData("""{"type":"result","subtype":"success","is_error":false,"num_turns":1,"total_cost_usd":0.0123}""",
        ClaudeTaskEventKind.Result, "Done: 1 turn, $0.0123")]
    [InlineData("""{"type":"result","subtype":"success","is_error":true,"num_turns":3,"result":"Overloaded"}""",
        ClaudeTaskEventKind.Error, "Overloaded (3 turns)")]
    [InlineData("""{"type":"brand_new","subtype":"thing"}""", ClaudeTaskEventKind.Protocol, "brand_new/thing")]
    public void A_message_has_its_kind_and_a_line_for_people(string line, ClaudeTaskEventKind kind, string text)
    {
        using var document = JsonDocument.Parse(line);

        Assert.Equal((kind, text), new EventText("/work/repo").Describe(document.RootElement));
    }
}
