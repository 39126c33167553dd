using System.Globalization;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Reporting;

/// <summary>
/// Markdown for a GitHub job summary, which takes 1 MiB. Parts that would go over that are left out, and it says how many. Text from
/// outside stands in code blocks with a fence longer than any in it, or in code elements with every sign of Markdown and HTML as an entity.
/// </summary>
internal sealed class MarkdownReport
{
    /// <summary>What GitHub takes for one step.</summary>
    public const int MostBytes = 1024 * 1024;

    private const int RoomForNote = 200;

    private readonly StringBuilder _text = new();
    private int _bytes;
    private readonly ClaudeTaskReport _report;
    private int _leftOut;

    private MarkdownReport(ClaudeTaskReport report) => _report = report;

    public static string Format(ClaudeTaskReport report)
    {
        var markdown = new MarkdownReport(report);
        markdown.AddOverview();
        foreach (var item in report.Tasks)
        {
            markdown.AddTask(item);
        }

        if (markdown._leftOut > 0)
        {
            var parts = ReportText.Count(markdown._leftOut, "part");
            markdown._text.Append(
                CultureInfo.InvariantCulture, $"\n> [!NOTE]\n> {parts} left out: a job summary takes 1 MiB. The HTML report has them.\n");
        }

        return markdown._text.ToString();
    }

    private void AddOverview()
    {
        var totals = _report.Totals;
        Add($"# {Inline(_report.Title)}\n\n");
        var outcomes = _report.Tasks.Count > 0 ? $": {ReportText.Outcomes(totals)}" : "";
        Add(
            $"**{ReportText.Count(totals.Tasks, "task")}**{outcomes}. {ReportText.Money(totals.CostUsd)}, "
            + $"{ReportText.Duration(totals.Duration)} of machine time, ");
        Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{ReportText.Count(totals.FilesChanged, "changed file")} ({ReportText.Lines(totals.Additions, totals.Deletions)}).\n\n"));
        if (_report.Tasks.Count > 0)
        {
            Add("| # | Prompt | Status | Time | Cost | Changes |\n| ---: | --- | --- | ---: | ---: | --- |\n");
        }

        foreach (var task in _report.Tasks.Select(item => item.Task))
        {
            string[] cells =
            [
                task.Id.ToString(CultureInfo.InvariantCulture), Inline(ReportText.Title(task)), Status(task),
                ReportText.Duration(task.Duration), ReportText.Money(task.CostUsd), ReportText.Changes(task),
            ];
            Add($"| {string.Join(" | ", cells)} |\n");
        }
    }

    private void AddTask(ReportTask item)
    {
        var task = item.Task;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n## {task.Id}: {Inline(ReportText.Title(task))}\n\n{Status(task)}\n\n");
        text.Append(string.Concat(ReportText.Facts(_report, task).Select(fact => $"- {fact.Name}: {Inline(fact.Value)}\n")));
        if (item.Statuses.Count > 0)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"- Statuses: {string.Join(" → ", ReportText.Way(item).Select(step => $"{step.Status} {step.Time}"))}\n");
        }

        text.Append(string.Concat(ReportText.Notes(task).Select(
            note => $"- {note.Name}: {Inline(TerminalText.OneLine(note.Text, 500))}\n")) + "\n");
        Add(text.ToString());
        if (item.Gates.Count > 0)
        {
            Add("| Gate | Result | Time |\n| --- | --- | ---: |\n" + string.Concat(item.Gates.Select(
                gate => $"| {Inline(ReportText.GateName(gate))} | {GateResult(gate)} | {ReportText.Duration(gate.Duration)} |\n")) + "\n");
        }

        foreach (var gate in item.Gates.Where(gate => gate.Output.Length > 0))
        {
            AddDetails($"Output of {Inline(ReportText.GateName(gate))}", gate.Output, "text");
        }

        AddDetails("Prompt", task.Prompt.Trim() == ReportText.Title(task) ? "" : task.Prompt, "text");
        AddDetails("Answer", task.Result ?? "", "text");
        AddDetails(
            $"What happened ({ReportText.Count(item.EventsLeftOut + item.Events.Count, "event")})",
            string.Join('\n', item.Events.Select(line => EventLine.Format(line.Kind, line.Text))),
            "text",
            item.EventsLeftOut > 0 ? ReportText.EventsLeftOut(item) : null);
        foreach (var change in item.Changes)
        {
            var path = change.OldPath is null ? Inline(change.Path) : $"{Inline(change.OldPath)} → {Inline(change.Path)}";
            AddDetails(
                $"{change.Kind} {path} {ReportText.Counts(change)}",
                change.Patch,
                "diff",
                change.PatchLinesLeftOut > 0 ? ReportText.PatchLeftOut(item, change) : null);
        }
    }

    private void AddDetails(string summary, string content, string language, string? note = null)
    {
        if (content.Length > 0 || note is not null)
        {
            Add($"<details><summary>{summary}</summary>\n\n{(note is null ? "" : note + "\n\n")}{Fence(content, language)}\n</details>\n");
        }
        else if (language == "diff")
        {
            Add($"- {summary}\n");
        }
    }

    /// <summary>A part is there whole or not at all, so that nothing is left open.</summary>
    private void Add(string part)
    {
        var bytes = Encoding.UTF8.GetByteCount(part);
        if (_bytes + bytes > MostBytes - RoomForNote)
        {
            _leftOut++;
            return;
        }

        _bytes += bytes;
        _text.Append(part);
    }

    private static string Status(ClaudeTask task) => $"{ReportText.Sign(task)} {ReportText.Status(task)}";

    private static string GateResult(ReportGate gate) =>
        ReportText.GateResult(gate) + (gate.ChangedFiles.Count > 0 ? $"; {Inline(ReportText.GateChanges(gate))}" : "");

    private static string Fence(string content, string language)
    {
        var clean = TerminalText.Clean(content).TrimEnd('\n');
        var fence = new string('`', Math.Max(3, LongestRun(clean) + 1));
        return $"{fence}{language}\n{clean}\n{fence}\n";
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var character in text)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    /// <summary>An entity is never taken for a sign of Markdown, and nothing becomes a link or a mention in code.</summary>
    private static string Inline(string? text)
    {
        var inline = new StringBuilder("<code>");
        foreach (var character in TerminalText.OneLine(text, 500))
        {
            if (char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) && character is not (' ' or ',' or '/' or '(' or ')'))
            {
                inline.Append(CultureInfo.InvariantCulture, $"&#{(int)character};");
            }
            else
            {
                inline.Append(character);
            }
        }

        return inline.Append("</code>").ToString();
    }
}
