using System.Text.Json;
using ClaudeTasks.Agent;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <summary>One use of a tool that Claude asks for, as rules see it.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Kind">What the subject is.</param>
/// <param name="Subject">
/// The command, the address, the canonical input, or the path: relative to the task's folder if it is in it, otherwise full.
/// </param>
/// <param name="RealSubject">
/// The text that an allow rule must match: a path with all links resolved, or the subject of any other tool. Null if the links of a path
/// cannot be resolved.
/// </param>
/// <param name="IsPlain">Whether the input has only members that rules know. Otherwise, no rule allows it.</param>
/// <param name="LeavesSandbox">Whether the command is to run outside Claude Code's sandbox.</param>
internal sealed record ToolUse(
    string Tool, ToolSubjectKind Kind, string Subject, string? RealSubject, bool IsPlain, bool LeavesSandbox)
{
    private const string SandboxMember = "dangerouslyDisableSandbox";

    /// <summary>Whether an allow rule can decide it.</summary>
    public bool CanBeAllowedByRule => IsPlain && !LeavesSandbox && RealSubject is not null;

    /// <summary>Reads the input of a tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="input">Its input, as JSON.</param>
    /// <param name="folder">The task's folder, as a full path.</param>
    public static ToolUse Of(string tool, string input, string folder)
    {
        using var document = JsonDocument.Parse(input);
        var root = document.RootElement;
        var members = root.ValueKind == JsonValueKind.Object ? root.EnumerateObject().ToList() : [];
        var leaves = members.Exists(member => member.Name == SandboxMember && member.Value.ValueKind != JsonValueKind.False);
        if (ToolInput.Of(tool) is not { } known || root.GetText(known.Key) is not { } value)
        {
            var whole = CanonicalJson.Of(root);
            return new ToolUse(tool, ToolSubjectKind.Input, whole, whole, true, leaves);
        }

        var isPlain = members.TrueForAll(member =>
                member.Name == known.Key || known.Harmless.Contains(member.Name, StringComparer.Ordinal) || member.Name == SandboxMember)
            && members.DistinctBy(member => member.Name).Count() == members.Count;
        return known.Kind == ToolSubjectKind.Path
            ? OfPath(tool, value, folder, isPlain, leaves)
            : new ToolUse(tool, known.Kind, value, value, isPlain, leaves);
    }

    private static ToolUse OfPath(string tool, string value, string folder, bool isPlain, bool leaves)
    {
        // Claude Code trims a path and expands its tilde.
        var path = value.Trim();
        path = path is "~" or ['~', '/' or '\\', ..]
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path;
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return new ToolUse(tool, ToolSubjectKind.Path, value, null, false, leaves);
        }

        path = Path.GetFullPath(path, folder);
        var real = RealPath.Resolve(path) is { } target && RealPath.Resolve(folder) is { } realFolder ? Shown(target, realFolder) : null;
        return new ToolUse(tool, ToolSubjectKind.Path, Shown(path, folder), real, isPlain, leaves);
    }

    private static string Shown(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        var isOutside = relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return (isOutside ? path : relative).Replace(Path.DirectorySeparatorChar, '/');
    }
}
