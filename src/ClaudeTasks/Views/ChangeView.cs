using System.Globalization;
using System.Management.Automation;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>How a changed file reads. What came from the repository is made harmless; colours are the caller's.</summary>
public static class ChangeView
{
    private const int BarWidth = 28;

    /// <summary>What happened to the file, with its path or both paths, and whose change it is where it is not the task's.</summary>
    public static string Title(PSObject item)
    {
        var change = Revived.Change(item);
        var path = TerminalText.OneLine(change.Path, 500);
        var whose = change.Source switch
        {
            ClaudeTaskChangeSource.Before => " (uncommitted before the task)",
            ClaudeTaskChangeSource.Meanwhile => " (not the task's, meanwhile)",
            _ => "",
        };
        return (change.OldPath is { } old ? $"{change.Kind}: {TerminalText.OneLine(old, 500)} → {path}" : $"{change.Kind}: {path}") + whose;
    }

    /// <summary>The counts of lines, or that there are none to count.</summary>
    public static string Counts(PSObject item) => CountsOf(Revived.Change(item));

    /// <summary>A line of the path, the counts and a bar of signs in proportion to the lines, as <c>git diff --stat</c> draws it.</summary>
    /// <param name="item">The changed file.</param>
    /// <param name="added">Begins the plus signs.</param>
    /// <param name="removed">Begins the minus signs.</param>
    /// <param name="reset">Ends each of them.</param>
    public static string Stat(PSObject item, string added, string removed, string reset)
    {
        var change = Revived.Change(item);
        var (plus, minus) = (change.Additions ?? 0, change.Deletions ?? 0);
        var scale = Math.Min(1.0, BarWidth / (double)Math.Max(1, plus + minus));
        var bar = added + new string('+', (int)Math.Ceiling(plus * scale)) + reset
            + removed + new string('-', (int)Math.Ceiling(minus * scale)) + reset;
        return $" {TerminalText.OneLine(change.Path, 36),-36} {CountsOf(change),11} {bar}";
    }

    /// <summary>
    /// The hunks with the given colours around added and removed lines and the places. The lines that only repeat the paths are left out.
    /// </summary>
    /// <param name="item">The changed file.</param>
    /// <param name="added">Begins an added line.</param>
    /// <param name="removed">Begins a removed line.</param>
    /// <param name="place">Begins a line that says where the hunk is.</param>
    /// <param name="reset">Ends each of them.</param>
    public static string Hunks(PSObject item, string added, string removed, string place, string reset)
    {
        var change = Revived.Change(item);
        if (change.IsOverLimit)
        {
            return "  " + TerminalText.OneLine(change.Patch, 1000);
        }

        if (change.IsBinary)
        {
            return "  (binary content; -Raw has it)";
        }

        var text = new StringBuilder();
        var inHunk = false;
        foreach (var line in change.Patch.TrimEnd('\n').Split('\n'))
        {
            inHunk |= line.StartsWith("@@", StringComparison.Ordinal);
            if (inHunk || line.StartsWith("old mode", StringComparison.Ordinal) || line.StartsWith("new mode", StringComparison.Ordinal))
            {
                var colour = line.Length == 0 ? "" : line[0] switch { '+' => added, '-' => removed, '@' => place, _ => "" };
                text.Append(colour).Append(TerminalText.Clean(line)).Append(colour.Length > 0 ? reset : "").Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string CountsOf(ClaudeTaskChange change) => change switch
    {
        { IsOverLimit: true } => "over limit",
        { IsBinary: true } => "binary",
        _ => string.Create(CultureInfo.InvariantCulture, $"+{change.Additions} -{change.Deletions}"),
    };
}
