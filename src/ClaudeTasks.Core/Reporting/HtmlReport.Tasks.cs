using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Reporting;

/// <content>The timeline: one article a task.</content>
internal sealed partial class HtmlReport
{
    private const int ShortText = 600;

    private void AddTimeline()
    {
        _html.Add($"<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Timeline</h2>");
        AddViewChoice();
        _html.Add($"<ol class=\"timeline\">");
        foreach (var item in _report.Tasks)
        {
            _html.Add($"""
                <li class="{StatusMoves.OutcomeOf(item.Task.Status)}">
                <article id="task-{item.Task.Id}" aria-labelledby="title-{item.Task.Id}">
                """);
            AddSummary(item);
            AddPrompt(item.Task);
            AddAnswer(item.Task);
            AddGates(item);
            AddEvents(item);
            AddChanges(item);
            _html.Add($"</article>\n</li>");
        }

        _html.Add($"</ol>\n</section>");
    }

    private void AddSummary(ReportTask item)
    {
        var task = item.Task;
        _html.Add(
            $"<div class=\"head\">\n<h3 id=\"title-{task.Id}\"><span class=\"number\">{task.Id}</span> {ReportText.Title(task)}</h3>");
        AddBadge(task);
        _html.Add($"</div>\n<dl class=\"facts\">");
        foreach (var (name, value) in ReportText.Facts(_report, task))
        {
            _html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        }

        _html.Add($"</dl>");
        if (item.Statuses.Count > 0)
        {
            _html.Add($"<ol class=\"way\" aria-label=\"Statuses\">");
            foreach (var (status, time) in ReportText.Way(item))
            {
                _html.Add($"<li class=\"{StatusMoves.OutcomeOf(status)}\"><b>{status}</b> {time}</li>");
            }

            _html.Add($"</ol>");
        }

        foreach (var (name, text) in ReportText.Notes(task))
        {
            _html.Add($"<p class=\"note\"><b>{name}</b> {text}</p>");
        }
    }

    /// <summary>A prompt of one line stands in the title already.</summary>
    private void AddPrompt(ClaudeTask task)
    {
        if (task.Prompt.Trim() != ReportText.Title(task))
        {
            AddDetails("Prompt", "", task.Prompt.Length <= ShortText);
            _html.Add($"<blockquote class=\"text\">{task.Prompt.Trim()}</blockquote>\n</details>");
        }
    }

    private void AddAnswer(ClaudeTask task)
    {
        if (!string.IsNullOrWhiteSpace(task.Result))
        {
            _html.Add($"<h4>Answer</h4>\n<p class=\"text\">{task.Result.Trim()}</p>");
        }
    }

    private void AddDetails(string title, string detail, bool isOpen)
    {
        if (isOpen)
        {
            _html.Add($"<details open>");
        }
        else
        {
            _html.Add($"<details>");
        }

        _html.Add($"<summary>{title} <span class=\"muted\">{detail}</span></summary>");
    }

    private void AddGates(ReportTask item)
    {
        if (item.Gates.Count == 0)
        {
            return;
        }

        _html.Add($"<h4>Gates</h4>\n<ul class=\"gates\">");
        foreach (var gate in item.Gates)
        {
            _html.Add($"<li>");
            if (gate.Output.Length > 0)
            {
                _html.Add($"<details>\n<summary>");
                AddGate(gate);
                _html.Add($"</summary>\n<p class=\"text code\">{gate.Output.TrimEnd()}</p>\n</details>");
            }
            else
            {
                AddGate(gate);
            }

            _html.Add($"</li>");
        }

        _html.Add($"</ul>");
    }

    private void AddGate(ReportGate gate)
    {
        AddBadge(
            gate.Passed ? TaskOutcome.Completed : gate.Required ? TaskOutcome.Failed : TaskOutcome.Waiting,
            gate.Passed ? "✓" : gate.Required ? "✗" : "!",
            ReportText.GateResult(gate));
        _html.Add(
            $"""{ReportText.GateName(gate)} <span class="muted">{ReportText.Duration(gate.Duration)} """
            + $"""{ReportText.GateChanges(gate)}</span>""");
    }

    private void AddEvents(ReportTask item)
    {
        if (item.Events.Count == 0)
        {
            return;
        }

        AddDetails("What happened", ReportText.Count(item.EventsLeftOut + item.Events.Count, "event"), isOpen: false);
        if (item.EventsLeftOut > 0)
        {
            _html.Add($"<p class=\"muted\">{ReportText.EventsLeftOut(item)}</p>");
        }

        _html.Add($"<ol class=\"events\">");
        foreach (var line in item.Events)
        {
            _html.Add($"""
                <li class="{line.Kind}">
                <time datetime="{line.Time:O}">{line.Time:HH:mm:ss}</time>
                <span>{EventLine.Format(line.Kind, line.Text)}</span>
                </li>
                """);
        }

        _html.Add($"</ol>\n</details>");
    }
}
