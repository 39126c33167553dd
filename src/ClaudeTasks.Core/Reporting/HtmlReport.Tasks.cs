using ClaudeTasks.Tasks;

namespace ClaudeTasks.Reporting;

/// <content>The timeline: one article a task.</content>
internal sealed partial class HtmlReport
{
    private const int MostOpenLines = 60;

    private void AddTimeline()
    {
        _html.Add($"<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Timeline</h2>\n<ol class=\"timeline\">");
        foreach (var item in _report.Tasks)
        {
            _html.Add($"""
                <li class="{StatusMoves.OutcomeOf(item.Task.Status)}">
                <article id="task-{item.Task.Id}" aria-labelledby="title-{item.Task.Id}">
                """);
            AddSummary(item.Task);
            AddPrompt(item.Task);
            AddText("Answer", item.Task.Result);
            AddGates(item);
            AddEvents(item);
            AddChanges(item);
            _html.Add($"</article>\n</li>");
        }

        _html.Add($"</ol>\n</section>");
    }

    private void AddSummary(ClaudeTask task)
    {
        _html.Add($"<h3 id=\"title-{task.Id}\"><span class=\"number\">{task.Id}</span> {ReportText.Title(task)}</h3>\n<p>");
        AddBadge(task);
        var facts = new[]
        {
            ReportText.Duration(task.Duration),
            ReportText.Money(task.CostUsd),
            task.Turns is { } turns ? ReportText.Count(turns, "turn") : "",
            TerminalText.OneLine(task.Model, 60),
            (task.Branch ?? task.StartingBranch) is { } branch ? $"on {TerminalText.OneLine(branch, 60)}" : "",
            task.CommittedSha is { } commit ? $"committed as {commit[..Math.Min(10, commit.Length)]}" : "",
        };
        _html.Add($"""
            <span class="muted">
            <time datetime="{task.CreatedAt:O}">{ReportText.Time(task.CreatedAt)}</time>
            {string.Concat(facts.Where(fact => fact.Length > 0).Select(fact => "· " + fact + " "))}
            </span></p>
            """);
        foreach (var reason in new[] { task.ReasonText, task.RejectionReason }.Where(reason => !string.IsNullOrWhiteSpace(reason)))
        {
            _html.Add($"<p class=\"reason\">{reason}</p>");
        }

        if (task.DeniedTools.Count > 0)
        {
            _html.Add($"<p class=\"reason\">Tools that were denied: {string.Join(", ", task.DeniedTools)}</p>");
        }
    }

    /// <summary>A prompt of one line stands in the title already.</summary>
    private void AddPrompt(ClaudeTask task)
    {
        if (task.Prompt.Trim() != ReportText.Title(task))
        {
            _html.Add($"<details><summary>Prompt</summary>\n<p class=\"text\">{task.Prompt.Trim()}</p>\n</details>");
        }
    }

    private void AddText(string title, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            _html.Add($"<h4>{title}</h4>\n<p class=\"text\">{text.Trim()}</p>");
        }
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
            AddBadge(
                gate.Passed ? TaskOutcome.Completed : gate.Required ? TaskOutcome.Failed : TaskOutcome.Waiting,
                gate.Passed ? "✓" : gate.Required ? "✗" : "!",
                ReportText.GateResult(gate));
            _html.Add($"""{ReportText.GateName(gate)} <span class="muted">{ReportText.Duration(gate.Duration)}</span>""");
            if (gate.Output.Length > 0)
            {
                _html.Add($"<details><summary>Output</summary>\n<p class=\"text code\">{gate.Output.TrimEnd()}</p>\n</details>");
            }

            _html.Add($"</li>");
        }

        _html.Add($"</ul>");
    }

    private void AddEvents(ReportTask item)
    {
        if (item.Events.Count == 0)
        {
            return;
        }

        var count = ReportText.Count(item.EventsLeftOut + item.Events.Count, "event");
        _html.Add($"""
            <details>
            <summary>What happened <span class="muted">{count}</span></summary>
            """);
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

    private void AddChanges(ReportTask item)
    {
        if (item.Changes.Count == 0)
        {
            return;
        }

        _html.Add($"<h4>Changes</h4>");
        var isShort = item.Changes.Sum(change => change.Patch.Count(character => character == '\n')) <= MostOpenLines;
        foreach (var change in item.Changes)
        {
            AddChange(item, change, isShort);
        }
    }

    private void AddChange(ReportTask item, ReportChange change, bool isOpen)
    {
        var path = change.OldPath is null ? change.Path : $"{change.OldPath} → {change.Path}";
        if (isOpen)
        {
            _html.Add($"<details class=\"file\" open>");
        }
        else
        {
            _html.Add($"<details class=\"file\">");
        }

        _html.Add($"""
            <summary><span class="kind">{change.Kind}</span> <code>{path}</code> <span class="muted">{ReportText.Counts(change)}</span></summary>
            """);
        if (change.Patch.Length > 0)
        {
            AddPatch(change);
        }

        if (change.PatchLinesLeftOut > 0)
        {
            _html.Add($"<p class=\"muted\">{ReportText.PatchLeftOut(item, change)}</p>");
        }

        _html.Add($"</details>");
    }

    private void AddPatch(ReportChange change)
    {
        _html.Add($"<table class=\"diff\"><caption>Lines of {change.Path}: number before, number after, text</caption><colgroup><col><col><col></colgroup><tbody>");
        foreach (var line in PatchReader.Read(change.Patch))
        {
            if (line.Kind == PatchLineKind.Heading)
            {
                _html.Add($"<tr class=\"Heading\"><td colspan=\"3\">{line.Text}</td></tr>");
                continue;
            }

            var sign = line.Kind switch { PatchLineKind.Added => '+', PatchLineKind.Removed => '-', _ => ' ' };
            var (start, length) = line.Different.GetOffsetAndLength(line.Text.Length);
            var (head, different, tail) = (line.Text[..start], line.Text.Substring(start, length), line.Text[(start + length)..]);
            _html.Add($"""<tr class="{line.Kind}"><td>{line.OldNumber}</td><td>{line.NewNumber}</td>""");
            if (length == 0)
            {
                _html.Add($"<td>{sign}{line.Text}</td></tr>");
            }
            else
            {
                _html.Add($"<td>{sign}{head}<mark>{different}</mark>{tail}</td></tr>");
            }
        }

        _html.Add($"</tbody></table>");
    }
}
