using ClaudeTasks.Model;

namespace ClaudeTasks.Timeline;

/// <summary>How the rows of a screen are shared out: title, list, heading, output, footer; or title, heading, page, footer.</summary>
/// <param name="ListRows">The rows of the list.</param>
/// <param name="OutputRows">The rows of the selected task's output.</param>
/// <param name="PageRows">The rows of a page that lies over both.</param>
/// <param name="Footer">What is told, and the line of keys.</param>
internal sealed record ScreenLayout(int ListRows, int OutputRows, int PageRows, IReadOnlyList<ToneLine> Footer)
{
    private const int MostNoticeRows = 4;
    private const int FewestListRows = 3;

    public static ScreenLayout Of(TimelineModel model)
    {
        var footer = FooterOf(model);

        // The title and the heading of output or page.
        var body = Math.Max(0, model.Height - 2 - footer.Count);
        var list = Math.Min(Math.Max(1, model.Tasks.Count), Math.Max(Math.Min(FewestListRows, body / 2), body * 2 / 5));
        return new ScreenLayout(list, body - list, body, footer);
    }

    private static List<ToneLine> FooterOf(TimelineModel model)
    {
        if (model.Confirmation is { } confirmation)
        {
            return Rows(confirmation, Tone.Attention, model.Width);
        }

        if (model.Dialog is { } dialog)
        {
            return Rows(dialog.KeyLine, Tone.Attention, model.Width);
        }

        var told = model.Doing is { } doing ? new ToneLine(doing, Tone.Faint) : model.Notice;
        return [.. told is { } line ? Rows(line.Text, line.Tone, model.Width) : [], new ToneLine(Keys(model), Tone.Faint)];
    }

    private static List<ToneLine> Rows(string text, Tone tone, int width)
    {
        var rows = CellText.Wrap(text, width);

        // The end of what is typed is where the eye is.
        return [.. rows.Skip(Math.Max(0, rows.Count - MostNoticeRows)).Select(row => new ToneLine(row, tone))];
    }

    private static string Keys(TimelineModel model)
    {
        if (model.Page is not null)
        {
            return CellText.Cut("Esc back   ↑↓ PgUp/PgDn Home/End scroll", model.Width);
        }

        var line = "";
        foreach (var (key, word) in TimelineKeys.Hints)
        {
            var longer = $"{line}{(line.Length > 0 ? "  " : "")}{key} {word}";
            if (CellText.Width(longer) > model.Width)
            {
                break;
            }

            line = longer;
        }

        return line;
    }
}
