using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The cells of the tables of gates and of what they said; also of objects that came from another PowerShell.</summary>
public static class GateView
{
    /// <summary>The gate's name.</summary>
    public static string Name(PSObject item) => Text(item, "Name", 40);

    /// <summary>The name of the repository's folder, or that it is for all.</summary>
    public static string Repository(PSObject item) =>
        Text(item, "Repository", 400) is { Length: > 0 } path ? TerminalText.OneLine(Path.GetFileName(path), 40) : "(all)";

    /// <summary>What it runs, in one line.</summary>
    public static string Command(PSObject item) => Text(item, "CommandText", 200);

    /// <summary>The last line it printed.</summary>
    public static string LastLine(PSObject item)
    {
        var lines = (item.Properties["Output"]?.Value as string ?? "").Split(
            '\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return TerminalText.OneLine(lines.LastOrDefault(), 200);
    }

    /// <summary>A time in seconds, or in minutes where it is long.</summary>
    public static string Time(TimeSpan time) => time.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min");

    private static string Text(PSObject item, string property, int width) =>
        TerminalText.OneLine(item.Properties[property]?.Value as string, width);
}
