using ClaudeTasks.Model;

namespace ClaudeTasks.Text;

/// <summary>How an event reads: like watching Claude work. Harmless for a terminal, without colour.</summary>
public static class EventLine
{
    /// <summary>The kinds that are shown when nobody asks for others: all but the agent's housekeeping.</summary>
    public static IReadOnlyList<ClaudeTaskEventKind> DefaultKinds { get; } =
        [.. Enum.GetValues<ClaudeTaskEventKind>().Where(kind => kind != ClaudeTaskEventKind.Protocol)];

    /// <summary>The event as text of one or more lines; what belongs to something above is indented.</summary>
    public static string Format(ClaudeTaskEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Format(item.Kind, item.Text);
    }

    /// <inheritdoc cref="Format(ClaudeTaskEvent)"/>
    public static string Format(ClaudeTaskEventKind kind, string? text)
    {
        var (prefix, indent) = kind switch
        {
            ClaudeTaskEventKind.Message => ("", ""),
            ClaudeTaskEventKind.Status => ("── ", "   "),
            ClaudeTaskEventKind.Thinking => ("… ", "  "),
            ClaudeTaskEventKind.ToolUse => ("● ", "  "),
            ClaudeTaskEventKind.ToolResult => ("    ", "    "),
            ClaudeTaskEventKind.Warning => ("Warning: ", "  "),
            ClaudeTaskEventKind.Error => ("Error: ", "  "),
            ClaudeTaskEventKind.StandardError => ("stderr: ", "  "),
            ClaudeTaskEventKind.UserMessage => ("> ", "> "),
            ClaudeTaskEventKind.Gate => ("  │ ", "  │ "),
            _ => ("  ", "  "),
        };
        return prefix + TerminalText.Clean(text).TrimEnd('\n').Replace("\n", "\n" + indent, StringComparison.Ordinal);
    }
}
