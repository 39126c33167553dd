using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Reporting;

/// <summary>
/// One page for people, on paper too. It loads nothing and runs nothing: the policy in its head allows its own style sheet, by its hash,
/// and nothing else.
/// </summary>
internal sealed partial class HtmlReport
{
    private const int MostBars = 20;

    private static readonly string Style = ReadStyle();
    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    private readonly HtmlWriter _html;
    private readonly ClaudeTaskReport _report;

    private HtmlReport(ClaudeTaskReport report, HtmlWriter html)
    {
        _report = report;
        _html = html;
    }

    public static void Write(ClaudeTaskReport report, TextWriter target)
    {
        // The style sheet is ours and has no place for a value.
        var html = new HtmlWriter(target);
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'sha256-{StyleHash}'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>{TerminalText.OneLine(report.Title, 200)}</title>
            """);
        target.Write($"<style>{Style}</style>\n");
        html.Add($"</head>\n<body>");
        var page = new HtmlReport(report, html);
        page.AddHeader();
        html.Add($"<main>");
        page.AddOverview();
        page.AddCharts();
        page.AddTimeline();
        html.Add($"""
            </main>
            <footer>Collected by ClaudeTasks on {ReportText.Time(report.CreatedAt)}. This page loads nothing and runs nothing.</footer>
            </body>
            </html>
            """);
    }

    private void AddHeader()
    {
        var totals = _report.Totals;
        _html.Add($"<header>\n<h1>{_report.Title}</h1>");
        var repositories = _report.Tasks.Select(item => item.Task.Repository).Distinct().ToList();
        if (repositories.Count > 0)
        {
            var (from, to) = (_report.Tasks.Min(item => item.Task.CreatedAt), _report.Tasks.Max(item => item.Task.UpdatedAt));
            var paths = string.Join(", ", repositories.Select(path => TerminalText.OneLine(path, 100)));
            _html.Add($"""<p class="muted">{paths}<br>{ReportText.Time(from)} to {ReportText.Time(to)}</p>""");
        }

        _html.Add($"<dl class=\"totals\">");
        _html.Add($"<div><dt>{(totals.Tasks == 1 ? "Task" : "Tasks")}</dt><dd><b>{totals.Tasks}</b>");
        AddOutcomes();
        _html.Add($"</dd></div>");
        AddTotal("Machine time", ReportText.Duration(totals.Duration), "");
        AddTotal("Cost", ReportText.Money(totals.CostUsd), "");
        AddTotal(
            totals.FilesChanged == 1 ? "File changed" : "Files changed",
            totals.FilesChanged.ToString("N0", CultureInfo.InvariantCulture),
            $"{ReportText.Lines(totals.Additions, totals.Deletions)} lines");
        _html.Add($"</dl>\n</header>");
    }

    private void AddTotal(string name, string value, string detail) =>
        _html.Add($"<div><dt>{name}</dt><dd><b>{value}</b> <span class=\"muted\">{detail}</span></dd></div>");

    /// <summary>One bar of all tasks, and the same in words, which tell what the colours mean.</summary>
    private void AddOutcomes()
    {
        _html.Add($"<svg class=\"outcomes\" viewBox=\"0 0 {_report.Tasks.Count} 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        var x = 0;
        foreach (var (outcome, count) in ReportText.OutcomeCounts(_report.Totals))
        {
            _html.Add($"<rect class=\"{outcome}\" x=\"{x}\" width=\"{count}\" height=\"1\"></rect>");
            x += count;
        }

        _html.Add($"</svg>\n<ul class=\"legend\">");
        foreach (var (outcome, count) in ReportText.OutcomeCounts(_report.Totals))
        {
            _html.Add($"<li class=\"{outcome}\">{count} {ReportText.Word(outcome)}</li>");
        }

        _html.Add($"</ul>");
    }

    private void AddOverview()
    {
        _html.Add($"""
            <section aria-labelledby="overview">
            <h2 id="overview">Overview</h2>
            <table class="overview" role="table">
            <thead role="rowgroup"><tr role="row">
            <th role="columnheader" scope="col">Task</th>
            <th role="columnheader" scope="col">Status</th>
            <th role="columnheader" scope="col">Time</th>
            <th role="columnheader" scope="col">Cost</th>
            <th role="columnheader" scope="col">Changes</th>
            </tr></thead>
            <tbody role="rowgroup">
            """);
        foreach (var task in _report.Tasks.Select(item => item.Task))
        {
            // A style sheet that lays rows out as cards would take the table's meaning away; the roles keep it.
            _html.Add($"""
                <tr role="row">
                <th role="rowheader" scope="row"><a href="#task-{task.Id}">
                <span class="number">{task.Id}</span> {ReportText.Title(task)}</a></th>
                <td role="cell">
                """);
            AddBadge(task);
            _html.Add($"""
                </td>
                <td role="cell">{ReportText.Duration(task.Duration)}</td>
                <td role="cell">{ReportText.Money(task.CostUsd)}</td>
                <td role="cell">{ReportText.Changes(task)}</td>
                </tr>
                """);
        }

        _html.Add($"</tbody>\n</table>\n</section>");
    }

    private void AddBadge(ClaudeTask task) => AddBadge(StatusMoves.OutcomeOf(task.Status), ReportText.Sign(task), ReportText.Status(task));

    private void AddBadge(TaskOutcome outcome, string sign, string words) =>
        _html.Add($"""<span class="badge {outcome}"><span aria-hidden="true">{sign}</span> {words}</span>""");

    private void AddCharts()
    {
        var tasks = _report.Tasks.Select(item => item.Task).ToList();
        if (tasks.Count < 2)
        {
            return;
        }

        _html.Add($"<section aria-labelledby=\"charts\">\n<h2 id=\"charts\">Time and cost</h2>\n<div class=\"charts\">");
        AddChart("Machine time", tasks, task => task.Duration?.TotalSeconds, task => ReportText.Duration(task.Duration));
        AddChart("Cost", tasks, task => (double?)task.CostUsd, task => ReportText.Money(task.CostUsd));
        _html.Add($"</div>\n</section>");
    }

    private void AddChart(string name, List<ClaudeTask> tasks, Func<ClaudeTask, double?> value, Func<ClaudeTask, string> label)
    {
        var known = tasks.Where(task => value(task) > 0).ToList();
        if (known.Count == 0)
        {
            return;
        }

        var shown = known.OrderByDescending(value).Take(MostBars).OrderBy(task => task.Id).ToList();
        var note = shown.Count < known.Count
            ? string.Create(CultureInfo.InvariantCulture, $", the {MostBars} largest of {known.Count}")
            : "";
        var largest = shown.Max(task => value(task)!.Value);
        _html.Add($"<figure>\n<figcaption>{name} by task{note}</figcaption>\n<ul class=\"bars\">");
        foreach (var task in shown)
        {
            var width = Math.Max(0.5, 100 * value(task)!.Value / largest).ToString("0.##", CultureInfo.InvariantCulture);
            _html.Add($"""
                <li>
                <a href="#task-{task.Id}"><span class="number">{task.Id}</span> {ReportText.Title(task)}</a>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="{StatusMoves.OutcomeOf(task.Status)}" width="{width}" height="10"></rect>
                </svg>
                <span>{label(task)}</span>
                </li>
                """);
        }

        _html.Add($"</ul>\n</figure>");
    }

    private static string ReadStyle()
    {
        using var resource = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
