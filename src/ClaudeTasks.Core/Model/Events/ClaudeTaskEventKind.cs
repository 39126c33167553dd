namespace ClaudeTasks.Model;

/// <summary>What an event is about. The numbers are stored: append, never reorder.</summary>
public enum ClaudeTaskEventKind
{
    /// <summary>The task moved to another status.</summary>
    Status,

    /// <summary>Text that Claude wrote.</summary>
    Message,

    /// <summary>Claude's thinking.</summary>
    Thinking,

    /// <summary>Claude uses a tool, such as <c>Editing: src/api.cs</c>.</summary>
    ToolUse,

    /// <summary>What a tool answered, shortened; <see cref="ClaudeTaskEvent.Raw"/> has all of it.</summary>
    ToolResult,

    /// <summary>Claude asked for permission, or was answered.</summary>
    Permission,

    /// <summary>The agent's final account of a turn.</summary>
    Result,

    /// <summary>Something worth knowing that is no problem.</summary>
    Notice,

    /// <summary>Something that may become a problem.</summary>
    Warning,

    /// <summary>Something that went wrong.</summary>
    Error,

    /// <summary>A line on the agent's standard error.</summary>
    StandardError,

    /// <summary>A process was started, asked to stop, or ended.</summary>
    Process,

    /// <summary>Housekeeping of the agent's protocol; shown only when asked for.</summary>
    Protocol,

    /// <summary>A line that is not in the agent's protocol, kept as it came.</summary>
    Unknown,

    /// <summary>A line that a gate printed.</summary>
    Gate,

    /// <summary>What the user said to Claude while it worked.</summary>
    UserMessage,
}
