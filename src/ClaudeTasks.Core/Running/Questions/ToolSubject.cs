using System.Text.Json;
using System.Text.RegularExpressions;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;

namespace ClaudeTasks.Running;

/// <summary>What a tool is used on: the command, the file, the address. Rules are about that.</summary>
internal static partial class ToolSubject
{
    private const string Shells = "Bash PowerShell";

    /// <param name="input">The tool's input, as JSON.</param>
    /// <param name="folder">The task's folder; files in it are named relative to it.</param>
    public static string Of(string input, string folder)
    {
        using var document = JsonDocument.Parse(input);
        var root = document.RootElement;
        if ((root.GetText("file_path") ?? root.GetText("notebook_path")) is { } file)
        {
            var path = Path.GetFullPath(file, folder);
            var relative = Path.GetRelativePath(folder, path);
            return (relative.StartsWith("..", StringComparison.Ordinal) ? path : relative).Replace('\\', '/');
        }

        return root.GetText("command") ?? root.GetText("url") ?? root.GetText("pattern") ?? input;
    }

    /// <summary>
    /// Whether a rule speaks of this use. A wildcard never allows a command line that holds a second command, a substitution or a
    /// redirection: who allowed <c>git *</c> did not allow <c>git x; rm y</c>.
    /// </summary>
    public static bool Matches(ClaudeTaskRule rule, string tool, string subject)
    {
        if (rule.Tool != tool)
        {
            return false;
        }

        if (rule.Pattern == subject)
        {
            return true;
        }

        var isWide = rule.Pattern.Contains('*', StringComparison.Ordinal);
        return isWide
            && !(rule.IsAllowed && Shells.Contains(tool, StringComparison.Ordinal) && rule.Pattern != "*" && ShellSyntax().IsMatch(subject))
            && Regex.IsMatch(
                subject,
                "^" + Regex.Escape(rule.Pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
                RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex("[;&|<>`$()\\r\\n]")]
    private static partial Regex ShellSyntax();
}
