using System.Globalization;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>How a repair of the store is shown.</summary>
public static class StoreView
{
    /// <summary>Where both files are, what became of each table that had rows, and what was mended.</summary>
    public static string Text(ClaudeTaskStoreRepair repair)
    {
        ArgumentNullException.ThrowIfNull(repair);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Repaired: {repair.Path}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Kept as:  {repair.KeptAs}");
        if (repair.Tables.Count > 0)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{"Table",-16} {"Saved",10} {"Lost",10}");
        }

        foreach (var table in repair.Tables.Where(table => table is not { Saved: 0, Lost: 0 }))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{table.Name,-16} {table.Saved,10} {table.Lost?.ToString(CultureInfo.InvariantCulture) ?? "some",10}");
        }

        foreach (var mended in repair.Mended)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {mended}");
        }

        return TerminalText.Clean(text.ToString().TrimEnd());
    }
}
