using System.Globalization;
using System.Text.Json;
using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>Gives a message of the agent its kind and the line a person reads. The catalogue of messages was observed on 2.1.330.</summary>
/// <param name="folder">The task's folder; paths in it are shown relative to it.</param>
internal sealed class EventText(string folder)
{
    private const int LongestArgument = 200;
    private const int LongestResult = 1000;
    private const int MostResultLines = 12;

    public (ClaudeTaskEventKind Kind, string Text) Describe(JsonElement line)
    {
        var type = line.GetText("type") ?? "?";
        var subtype = line.GetText("subtype");
        return type switch
        {
            "assistant" => DescribeAssistant(line),
            "user" => DescribeUser(line),
            "result" => DescribeResult(line, subtype),
            "system" => DescribeSystem(line, subtype),
            "rate_limit_event" => DescribeRateLimit(line),
            "control_request" when line.Get("request") is { } request && request.GetText("subtype") == "can_use_tool" =>
                (ClaudeTaskEventKind.Permission, "Asks: " + DescribeTool(request.GetText("tool_name") ?? "", request.Get("input"))),
            _ => (ClaudeTaskEventKind.Protocol, subtype is null ? type : $"{type}/{subtype}"),
        };
    }

    /// <summary>What a tool call does, such as <c>Editing: src/api.cs</c>.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="isWhole">Whether to leave nothing out of a command or a plan, however long.</param>
    public string DescribeTool(string tool, JsonElement? input, bool isWhole = false)
    {
        string Argument(string name) => Cut(input?.GetText(name) ?? "");
        string Cut(string text) => isWhole ? text : Shorten(FirstLine(text), LongestArgument);
        return tool switch
        {
            "Read" => $"Reading: {RelativePath(input?.GetText("file_path"))}",
            "Edit" or "MultiEdit" => $"Editing: {RelativePath(input?.GetText("file_path"))}",
            "NotebookEdit" => $"Editing: {RelativePath(input?.GetText("notebook_path"))}",
            "Write" => $"Writing: {RelativePath(input?.GetText("file_path"))}",
            "Bash" or "PowerShell" => $"Running: {Argument("command")}",
            "Grep" => $"Searching: {Argument("pattern")}",
            "Glob" => $"Finding: {Argument("pattern")}",
            "WebFetch" => $"Fetching: {Argument("url")}",
            "WebSearch" => $"Searching the web: {Argument("query")}",
            "Task" or "Agent" => $"Delegating: {Argument("description")}",
            "Skill" => $"Using a skill: {Argument("skill")}",
            "AskUserQuestion" => "Asking a question",
            "ExitPlanMode" => isWhole && input?.GetText("plan") is { } plan ? $"Presenting a plan:\n{plan}" : "Presenting a plan",
            _ => $"Using {tool}: {Cut(input?.GetRawText() ?? "")}",
        };
    }

    private (ClaudeTaskEventKind, string) DescribeAssistant(JsonElement line)
    {
        var kind = ClaudeTaskEventKind.Protocol;
        var text = new List<string>();
        foreach (var block in line.Get("message")?.GetItems("content") ?? [])
        {
            var (blockKind, blockText) = block.GetText("type") switch
            {
                "text" => (ClaudeTaskEventKind.Message, block.GetText("text") ?? ""),
                "thinking" => (ClaudeTaskEventKind.Thinking, block.GetText("thinking") ?? ""),
                "tool_use" => (ClaudeTaskEventKind.ToolUse, DescribeTool(block.GetText("name") ?? "?", block.Get("input"))),
                var other => (ClaudeTaskEventKind.Protocol, $"assistant/{other}"),
            };
            kind = kind == ClaudeTaskEventKind.Protocol ? blockKind : kind;
            text.Add(blockText);
        }

        return (line.GetText("error") is not null ? ClaudeTaskEventKind.Error : kind, string.Join('\n', text));
    }

    private (ClaudeTaskEventKind, string) DescribeUser(JsonElement line)
    {
        if (line.Get("message")?.Get("content") is { ValueKind: JsonValueKind.String } plain)
        {
            return (ClaudeTaskEventKind.Notice, plain.AsText() ?? "");
        }

        var kind = ClaudeTaskEventKind.Notice;
        var text = new List<string>();
        foreach (var block in line.Get("message")?.GetItems("content") ?? [])
        {
            if (block.GetText("type") == "tool_result")
            {
                kind = ClaudeTaskEventKind.ToolResult;
                text.Add(DescribeToolResult(line, block));
            }
            else
            {
                text.Add(block.GetText("text") ?? block.GetText("type") ?? "");
            }
        }

        return (kind, string.Join('\n', text));
    }

    private string DescribeToolResult(JsonElement line, JsonElement block)
    {
        var result = line.Get("tool_use_result");
        if (result?.GetText("type") == "create" && result?.GetText("filePath") is { } created)
        {
            return $"Wrote {RelativePath(created)} (new file)";
        }

        var text = block.Get("content") is { ValueKind: JsonValueKind.Array } parts
            ? string.Join('\n', parts.EnumerateArray().Select(part => part.GetText("text") ?? $"[{part.GetText("type")}]"))
            : block.GetText("content") ?? "";
        return (block.IsTrue("is_error") ? "Failed: " : "") + ShortenLines(text);
    }

    private static (ClaudeTaskEventKind, string) DescribeResult(JsonElement line, string? subtype)
    {
        var problem = line.IsTrue("is_error")
            ? line.GetText("result") ?? line.GetItems("errors").Select(JsonReading.AsText).FirstOrDefault() ?? subtype ?? "error"
            : null;
        var account = new List<string>();
        if (line.GetInt("num_turns") is { } turns)
        {
            account.Add(turns == 1 ? "1 turn" : $"{turns} turns");
        }

        if (line.GetDecimal("total_cost_usd") is { } cost)
        {
            account.Add(cost.ToString("$0.00##", CultureInfo.InvariantCulture));
        }

        var summary = string.Join(", ", account);
        return problem is null ? (ClaudeTaskEventKind.Result, $"Done: {summary}") : (ClaudeTaskEventKind.Error, $"{problem} ({summary})");
    }

    private static (ClaudeTaskEventKind, string) DescribeSystem(JsonElement line, string? subtype) => subtype switch
    {
        "api_retry" => (
            ClaudeTaskEventKind.Warning,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Retry {line.GetInt("attempt")} of {line.GetInt("max_retries")} in {line.GetLong("retry_delay_ms") / 1000.0:0.0} s: "
                    + $"{line.GetText("error") ?? "no answer"} {line.GetInt("error_status")}")
                .TrimEnd()),
        "permission_denied" => (ClaudeTaskEventKind.Permission, $"Denied {line.GetText("tool_name")}: {line.GetText("message")}"),
        "informational" or "notification" => (ClaudeTaskEventKind.Notice, line.GetText("content") ?? line.GetText("text") ?? subtype),
        "compact_boundary" => (ClaudeTaskEventKind.Notice, "The conversation was compacted."),
        "hook_response" when line.GetText("outcome") == "error" => (
            ClaudeTaskEventKind.Warning,
            $"Hook {line.GetText("hook_name")} failed: {Shorten(line.GetText("stderr") ?? "", LongestArgument)}"),
        "session_writes_lost" => (ClaudeTaskEventKind.Warning, "Claude Code could not save its conversation."),
        _ => (ClaudeTaskEventKind.Protocol, $"system/{subtype}"),
    };

    private static (ClaudeTaskEventKind, string) DescribeRateLimit(JsonElement line)
    {
        if (line.Get("rate_limit_info") is not { } info || info.GetText("status") is not { } status || status == "allowed")
        {
            return (ClaudeTaskEventKind.Protocol, "rate_limit_event");
        }

        var resets = info.GetMoment("resetsAt") is { } reset
            ? $", resets at {reset.ToString("u", CultureInfo.InvariantCulture)}"
            : "";
        return (ClaudeTaskEventKind.Warning, $"Usage limit {info.GetText("rateLimitType")}: {status}{resets}");
    }

    private string RelativePath(string? path) =>
        path is null ? "?"
        : path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path[(folder.Length + 1)..]
        : path;

    private static string FirstLine(string text) =>
        text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? text[..end] + " …" : text;

    private static string Shorten(string text, int limit) => text.Length <= limit ? text : text[..limit] + "…";

    private static string ShortenLines(string text)
    {
        var lines = text.Split('\n');
        var kept = Shorten(string.Join('\n', lines.Take(MostResultLines)), LongestResult);
        return lines.Length > MostResultLines ? $"{kept}\n… {lines.Length - MostResultLines} more lines" : kept;
    }
}
