using System.Globalization;
using System.Text;
using System.Xml;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Reporting;

/// <summary>
/// A test suite for each session, a test case for each task and each gate. A task whose work is there passed, also while it waits for a
/// person; one that failed or was turned down failed; one that did not come to an end was skipped.
/// </summary>
internal static class JUnitReport
{
    public static void Write(ClaudeTaskReport report, TextWriter target)
    {
        using var xml = XmlWriter.Create(target, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", report.Title);
        WriteCounts(xml, report.Tasks);
        foreach (var session in report.Tasks.GroupBy(item => (item.Task.Session, item.Task.Repository)))
        {
            WriteSuite(xml, report, session.Key.Session, session.Key.Repository, [.. session]);
        }

        xml.WriteEndElement();
    }

    private static void WriteSuite(XmlWriter xml, ClaudeTaskReport report, string session, string repository, List<ReportTask> tasks)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", session);
        Attribute(xml, "package", repository);
        Attribute(xml, "timestamp", tasks.Min(item => item.Task.CreatedAt).ToString("s", CultureInfo.InvariantCulture));
        WriteCounts(xml, tasks);
        foreach (var item in tasks)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"#{item.Task.Id} {ReportText.Title(item.Task)}");
            WriteTask(xml, report, item, session, name);
            foreach (var runs in RunsOf(item.Gates))
            {
                WriteGate(xml, runs, $"{session}.{name}");
            }
        }

        xml.WriteEndElement();
    }

    /// <summary>A gate's runs: what the last one said is the test's result.</summary>
    private static IEnumerable<List<ReportGate>> RunsOf(IEnumerable<ReportGate> gates) =>
        gates.GroupBy(gate => gate.Name, StringComparer.OrdinalIgnoreCase).Select(same => same.ToList());

    private static void WriteCounts(XmlWriter xml, IReadOnlyList<ReportTask> tasks)
    {
        var verdicts = tasks.Select(item => Verdict(item.Task))
            .Concat(tasks.SelectMany(item => RunsOf(item.Gates)).Select(runs => Verdict(runs[^1])))
            .ToList();
        var seconds = tasks.Sum(item => item.Task.Duration?.TotalSeconds ?? 0);
        Attribute(xml, "tests", verdicts.Count.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "failures", verdicts.Count(verdict => verdict == "failure").ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "errors", "0");
        Attribute(xml, "skipped", verdicts.Count(verdict => verdict == "skipped").ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "time", Seconds(seconds));
    }

    private static void WriteTask(XmlWriter xml, ClaudeTaskReport report, ReportTask item, string session, string name)
    {
        var task = item.Task;
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", session);
        Attribute(xml, "name", name);
        Attribute(xml, "time", Seconds(task.Duration?.TotalSeconds ?? 0));
        WriteProperties(xml, ReportText.Facts(report, task).Prepend(("Status", ReportText.Status(task))));
        if (Verdict(task) is { } verdict)
        {
            xml.WriteStartElement(verdict);
            Attribute(xml, "message", ReportText.Status(task));
            Attribute(xml, "type", task.Reason == ClaudeTaskReason.None ? task.Status.ToString() : task.Reason.ToString());
            Text(xml, task.Status == ClaudeTaskStatus.Rejected ? task.RejectionReason : task.ReasonText);
            xml.WriteEndElement();
        }

        WriteOutput(xml, string.Join("\n\n", Parts(item).Where(part => part.Length > 0)));
        xml.WriteEndElement();
    }

    /// <summary>What there is to read of a task; of its changes no patches, which no CI shows well.</summary>
    private static IEnumerable<string> Parts(ReportTask item) =>
    [
        item.Task.Result?.TrimEnd('\n') ?? "",
        string.Join('\n', ReportText.Notes(item.Task).Select(note => $"{note.Name}: {note.Text}")),
        item.Task.Prompt.Trim() == ReportText.Title(item.Task) ? "" : $"Prompt: {item.Task.Prompt.Trim()}",
        string.Join(" → ", ReportText.Way(item).Select(step => $"{step.Status} {step.Time}")),
        item.EventsLeftOut > 0 ? ReportText.EventsLeftOut(item) : "",
        string.Join('\n', item.Events.Select(line => EventLine.Format(line.Kind, line.Text))),
        string.Join('\n', item.Changes.Select(change => $"{change.Kind}: {ReportText.Path(change)} {ReportText.Counts(change)}")),
    ];

    private static void WriteGate(XmlWriter xml, List<ReportGate> runs, string task)
    {
        var last = runs[^1];
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", task);
        Attribute(xml, "name", last.Name);
        Attribute(xml, "time", Seconds(last.Duration.TotalSeconds));
        if (Verdict(last) is { } verdict)
        {
            xml.WriteStartElement(verdict);
            Attribute(xml, "message", ReportText.GateResult(last));
            xml.WriteEndElement();
        }

        WriteOutput(xml, last.Attempt == 1 ? Output(last) : string.Join('\n', runs.Select(run =>
            $"Attempt {run.Attempt} {ReportText.GateResult(run)} after {ReportText.Duration(run.Duration)}\n{Output(run)}")));
        xml.WriteEndElement();
    }

    private static string Output(ReportGate gate) =>
        gate.ChangedFiles.Count > 0 ? $"{gate.Output.TrimEnd('\n')}\n{ReportText.GateChanges(gate)}\n" : gate.Output;

    private static void WriteProperties(XmlWriter xml, IEnumerable<(string Name, string Value)> properties)
    {
        xml.WriteStartElement("properties");
        foreach (var (name, value) in properties)
        {
            xml.WriteStartElement("property");
            Attribute(xml, "name", name);
            Attribute(xml, "value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteOutput(XmlWriter xml, string text)
    {
        if (text.Length > 0)
        {
            xml.WriteStartElement("system-out");
            Text(xml, text);
            xml.WriteEndElement();
        }
    }

    private static string? Verdict(ClaudeTask task) => StatusMoves.Succeeded(task.Status) switch
    {
        true => null,
        false => "failure",
        null => "skipped",
    };

    private static string? Verdict(ReportGate gate) => gate.Passed ? null : gate.Required ? "failure" : "skipped";

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Clean(value));

    private static void Text(XmlWriter xml, string? text) => xml.WriteString(Clean(text));

    /// <summary>XML has no place for control characters, non-characters and half characters, not even escaped.</summary>
    private static string Clean(string? text)
    {
        var clean = new StringBuilder(TerminalText.Clean(text));
        for (var i = 0; i < clean.Length; i++)
        {
            if (i + 1 < clean.Length && XmlConvert.IsXmlSurrogatePair(clean[i + 1], clean[i]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(clean[i]))
            {
                clean[i] = '\ufffd';
            }
        }

        return clean.ToString();
    }
}
