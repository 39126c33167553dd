using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The cells of the table of sessions. Pure functions of the object, also of one that came from another PowerShell; what came
/// from outside is made harmless.</summary>
public static class SessionView
{
    /// <summary>The session's name.</summary>
    public static string Name(PSObject item) => TerminalText.OneLine(Revived.Session(item).Name, 60);

    /// <summary>The name of the repository's folder.</summary>
    public static string Repository(PSObject item) => TerminalText.OneLine(Path.GetFileName(Revived.Session(item).Repository), 40);

    /// <summary>How long ago anything happened in it.</summary>
    public static string When(PSObject item) => TaskView.Ago(DateTime.UtcNow - Revived.Session(item).LastActivity);

    /// <summary>How long the machine worked.</summary>
    public static string Time(PSObject item) => ReadableText.Duration(Revived.Session(item).Duration);

    /// <summary>What it cost.</summary>
    public static string Cost(PSObject item) => Revived.Session(item).CostUsd is > 0 and var cost ? ReadableText.Money(cost) : "";

    /// <summary>How many tasks came to which end, or none.</summary>
    public static string Tasks(PSObject item)
    {
        var session = Revived.Session(item);
        var parts = new[]
        {
            ("✅", session.Completed), ("⚠️", session.Failed), ("❌", session.Rejected), ("⏹️", session.Cancelled), ("⏸️", session.Waiting),
            ("🔄", session.Running),
        };
        var counts = parts.Where(part => part.Item2 > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Item1} {part.Item2}"));
        return string.Join(' ', counts.DefaultIfEmpty("none"));
    }
}
