using System.Globalization;
using System.Text;
using System.Xml;
using ClaudeTasks.Tasks;

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
            WriteSuite(xml, session.Key.Session, session.Key.Repository, [.. session]);
        }

        xml.WriteEndElement();
    }

    private static void WriteSuite(XmlWriter xml, string session, string repository, List<ReportTask> tasks)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", session);
        Attribute(xml, "package", repository);
        Attribute(xml, "timestamp", tasks.Min(item => item.Task.CreatedAt).ToString("s", CultureInfo.InvariantCulture));
        WriteCounts(xml, tasks);
        foreach (var item in tasks)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"#{item.Task.Id} {ReportText.Title(item.Task)}");
            WriteTask(xml, item, session, name);
            foreach (var gate in LastOf(item.Gates))
            {
                WriteGate(xml, gate, $"{session}.{name}");
            }
        }

        xml.WriteEndElement();
    }

    /// <summary>A gate that failed and passed after a repair has passed: what it said last is the test's result.</summary>
    private static IEnumerable<ReportGate> LastOf(IEnumerable<ReportGate> gates) =>
        gates.GroupBy(gate => gate.Name, StringComparer.OrdinalIgnoreCase).Select(same => same.Last());

    private static void WriteCounts(XmlWriter xml, IReadOnlyList<ReportTask> tasks)
    {
        var verdicts = tasks.Select(item => Verdict(item.Task)).Concat(tasks.SelectMany(item => LastOf(item.Gates)).Select(Verdict)).ToList();
        var seconds = tasks.Sum(item => item.Task.Duration?.TotalSeconds ?? 0);
        Attribute(xml, "tests", verdicts.Count.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "failures", verdicts.Count(verdict => verdict == "failure").ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "errors", "0");
        Attribute(xml, "skipped", verdicts.Count(verdict => verdict == "skipped").ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "time", Seconds(seconds));
    }

    private static void WriteTask(XmlWriter xml, ReportTask item, string session, string name)
    {
        var task = item.Task;
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", session);
        Attribute(xml, "name", name);
        Attribute(xml, "time", Seconds(task.Duration?.TotalSeconds ?? 0));
        if (Verdict(task) is { } verdict)
        {
            xml.WriteStartElement(verdict);
            Attribute(xml, "message", ReportText.Status(task));
            Attribute(xml, "type", task.Reason == ClaudeTaskReason.None ? task.Status.ToString() : task.Reason.ToString());
            Text(xml, task.Status == ClaudeTaskStatus.Rejected ? task.RejectionReason : task.ReasonText);
            xml.WriteEndElement();
        }

        var changes = item.Changes.Select(change => $"{change.Kind}: {change.Path} {ReportText.Counts(change)}");
        WriteOutput(xml, string.Join('\n', changes.Prepend(task.Result)));
        xml.WriteEndElement();
    }

    private static void WriteGate(XmlWriter xml, ReportGate gate, string task)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", task);
        Attribute(xml, "name", ReportText.GateName(gate));
        Attribute(xml, "time", Seconds(gate.Duration.TotalSeconds));
        if (Verdict(gate) is { } verdict)
        {
            xml.WriteStartElement(verdict);
            Attribute(xml, "message", ReportText.GateResult(gate));
            xml.WriteEndElement();
        }

        WriteOutput(xml, gate.Output);
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
