using ClaudeTasks.Model;
using ClaudeTasks.Views;

namespace ClaudeTasks.Timeline;

/// <summary>From the model to the rows of the screen: a pure function. Every row is harmless and fits its cells.</summary>
internal static class ScreenRows
{
    private const int Narrow = 60;
    private const int Broad = 110;

    /// <summary>As many rows as the screen has.</summary>
    public static IReadOnlyList<ToneLine> Of(TimelineModel model)
    {
        var layout = ScreenLayout.Of(model);
        List<ToneLine> rows = [new(Title(model), Tone.Heading)];
        if (model.Page is { } page)
        {
            rows.Add(Heading(page.Caption, "", model.Width));
            rows.AddRange(Filled(page.Text.View(model.Width, layout.PageRows), layout.PageRows));
        }
        else
        {
            rows.AddRange(Filled(List(model, layout.ListRows), layout.ListRows));
            rows.Add(OutputHeading(model));
            rows.AddRange(Filled(model.Output.View(model.Width, layout.OutputRows), layout.OutputRows));
        }

        rows.AddRange(layout.Footer);
        return [.. rows.Take(model.Height)];
    }

    private static string Title(TimelineModel model)
    {
        var (atWork, needing) = (
            model.Tasks.Count(task => task.IsAtWork && !task.NeedsPerson), model.Tasks.Count(task => task.NeedsPerson));
        string?[] counts =
            [$"{model.Tasks.Count} tasks", atWork > 0 ? $"{atWork} at work" : null, needing > 0 ? $"{needing} waiting for you" : null];
        var right = string.Join(", ", counts.OfType<string>());
        var room = model.Width - CellText.Width(right) - 2;
        return room < 12 ? CellText.Cut(right, model.Width) : $"{CellText.Fit(model.Title, room)}  {right}";
    }

    private static IEnumerable<ToneLine> List(TimelineModel model, int height)
    {
        if (model.Tasks.Count == 0)
        {
            return [new ToneLine(CellText.Cut(model.WhenEmpty, model.Width), Tone.Faint)];
        }

        // The selected one stands in the middle, where there is something on both sides.
        var first = Math.Clamp(model.SelectedIndex - (height / 2), 0, Math.Max(0, model.Tasks.Count - height));
        var idWidth = model.Tasks.Max(task => $"{task.Task.Id}".Length);
        return model.Tasks.Skip(first).Take(height).Select(task => Row(model, task, idWidth));
    }

    private static ToneLine Row(TimelineModel model, TimelineTask item, int idWidth)
    {
        var (isSelected, width) = (item == model.Selected, model.Width);
        var left = $"{(isSelected ? ">" : " ")} {item.Mark(model.Frame)} {$"{item.Task.Id}".PadLeft(idWidth)} ";
        var repository = width < Narrow ? "" : CellText.Fit(Path.GetFileName(item.Task.Repository), width < Broad ? 12 : 20) + " ";
        var elapsed = item.Elapsed(model.Now).PadLeft(7);
        var times = width < Narrow ? $" {elapsed} " : $" {elapsed} {item.Estimated,-6} ";
        var state = CellText.Fit(item.State, width < Narrow ? 11 : width < Broad ? 18 : 32);
        var room = width - CellText.Width(left + repository + times + state);
        var text = room > 0 ? left + repository + CellText.Fit(TaskView.Prompt(item.Task, 300), room) + times + state : left + state;
        return new ToneLine(CellText.Cut(text, width), isSelected ? Tone.Selected : item.Tone);
    }

    private static ToneLine OutputHeading(TimelineModel model)
    {
        if (model.Selected is not { Task: var task })
        {
            return Heading("", "", model.Width);
        }

        var waits = task.WaitingFor is { } waiting ? $", waits for {waiting}" : "";
        var changes = task.FilesChanged > 0 ? $", {TaskView.Changes(task)}" : "";
        return Heading(
            $"Task {task.Id}: {task.Status}{waits}{changes}", model.Output.Follows ? " following ──" : " not following ──", model.Width);
    }

    private static ToneLine Heading(string text, string right, int width)
    {
        var left = CellText.Cut(text.Length > 0 ? $"── {text} " : "", width - CellText.Width(right));
        return new ToneLine(
            CellText.Cut(left + new string('─', Math.Max(0, width - CellText.Width(left + right))) + right, width), Tone.Heading);
    }

    private static IEnumerable<ToneLine> Filled(IEnumerable<ToneLine> rows, int height)
    {
        var shown = rows.ToList();
        return shown.Concat(Enumerable.Repeat(new ToneLine(""), Math.Max(0, height - shown.Count)));
    }
}
