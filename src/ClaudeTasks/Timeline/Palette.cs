using System.Management.Automation;
using ClaudeTasks.Model;

namespace ClaudeTasks.Timeline;

/// <summary>The colours of the user's <c>$PSStyle</c>; none at all where the user wants plain text.</summary>
internal sealed class Palette
{
    private readonly Dictionary<Tone, string> _starts = [];

    private Palette()
    {
    }

    /// <summary>Ends every colour.</summary>
    public string Reset { get; private init; } = "";

    /// <param name="style">What <c>$PSStyle</c> holds.</param>
    public static Palette Of(object? style)
    {
        if (style is null
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Read(style, "OutputRendering") == "PlainText")
        {
            return new Palette();
        }

        var palette = new Palette { Reset = Read(style, "Reset") };
        palette._starts[Tone.Faint] = Read(style, "Foreground", "BrightBlack");
        palette._starts[Tone.Heading] = Read(style, "Foreground", "Cyan");
        palette._starts[Tone.Good] = Read(style, "Foreground", "Green");
        palette._starts[Tone.Bad] = Read(style, "Foreground", "Red");
        palette._starts[Tone.Attention] = Read(style, "Foreground", "Yellow");
        palette._starts[Tone.Selected] = Read(style, "Reverse");
        return palette;
    }

    /// <summary>A row with its colour.</summary>
    public string Paint(ToneLine row) => _starts.TryGetValue(row.Tone, out var start) ? start + row.Text + Reset : row.Text;

    private static string Read(object style, params string[] path)
    {
        object? value = style;
        foreach (var name in path)
        {
            value = value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        }

        return value?.ToString() ?? "";
    }
}
