namespace ClaudeTasks.Running;

/// <summary>The input of a built-in tool: the one member that a rule is about, and the members that do not change what it allows.</summary>
/// <param name="Key">The member that a rule is about.</param>
/// <param name="Kind">What the member holds.</param>
/// <param name="Harmless">The other members that a rule may leave open.</param>
internal sealed record ToolInput(string Key, ToolSubjectKind Kind, params string[] Harmless)
{
    private static readonly Dictionary<string, ToolInput> Known = new(StringComparer.Ordinal)
    {
        ["Bash"] = new("command", ToolSubjectKind.Command, "description", "timeout", "run_in_background"),
        ["PowerShell"] = new("command", ToolSubjectKind.Command, "description", "timeout", "run_in_background"),
        ["Monitor"] = new("command", ToolSubjectKind.Command, "description", "timeout_ms", "persistent"),
        ["Read"] = new("file_path", ToolSubjectKind.Path, "offset", "limit", "pages"),
        ["Write"] = new("file_path", ToolSubjectKind.Path, "content"),
        ["Edit"] = new("file_path", ToolSubjectKind.Path, "old_string", "new_string", "replace_all"),
        ["MultiEdit"] = new("file_path", ToolSubjectKind.Path, "edits"),
        ["NotebookEdit"] = new("notebook_path", ToolSubjectKind.Path, "cell_id", "cell_type", "edit_mode", "new_source"),
        ["WebFetch"] = new("url", ToolSubjectKind.Text, "prompt"),
        ["WebSearch"] = new("query", ToolSubjectKind.Text, "allowed_domains", "blocked_domains"),
    };

    /// <summary>Returns the input of a built-in tool; null for every other tool.</summary>
    public static ToolInput? Of(string tool) => Known.GetValueOrDefault(tool);
}
