using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ClaudeTasks.Model;
using ClaudeTasks.Reporting;
using ClaudeTasks.Tests.Support;
using ClaudeTasks.Text;

namespace ClaudeTasks.Tests;

public class ReportTests
{
    [Fact]
    public void A_report_of_real_tasks_tells_what_happened()
    {
        using var fixture = new EngineFixture();
        var failed = fixture.Run(Simulated.Steps(Simulated.Says("I try."), """{"exit":9}"""));
        var done = fixture.Run(Simulated.Steps(Simulated.Write("a.txt", "one\ntwo\n"), Simulated.Says("Written.")));

        var report = fixture.Engine.CreateReport("work", [failed.Id, done.Id], default);

        Assert.Equal(("work", 1, 2), (report.Title, report.Version, report.Tasks.Count));
        Assert.Equal((1, 1, 1, 2), (report.Totals.Failed, report.Totals.Waiting, report.Totals.FilesChanged, report.Totals.Additions));
        Assert.Equal(
            fixture.Events(done.Id, [.. EventLine.DefaultKinds]).Select(item => item.Text),
            report.Tasks[1].Events.Select(item => item.Text));
        Assert.Equal(
            [
                ClaudeTaskStatus.Pending, ClaudeTaskStatus.PreFlight, ClaudeTaskStatus.Running, ClaudeTaskStatus.WaitingQa,
                ClaudeTaskStatus.WaitingApproval
            ],
            report.Tasks[1].Statuses.Select(step => step.Status));
        Assert.Equal(
            (ClaudeTaskStatus.Failed, failed.CompletedAt), (report.Tasks[0].Statuses[^1].Status, report.Tasks[0].Statuses[^1].Time));
        Assert.Equal(("a.txt", ClaudeTaskChangeKind.Added), (report.Tasks[1].Changes[0].Path, report.Tasks[1].Changes[0].Kind));
        Assert.Contains("+two\n", report.Tasks[1].Changes[0].Patch, StringComparison.Ordinal);
        foreach (var format in Enum.GetValues<ReportFormat>())
        {
            Assert.Contains(
                "a.txt", ReportSamples.Write(report, format).Replace("&#46;", ".", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_last_events_are_kept_and_it_says_how_many_were_before()
    {
        var events = Enumerable.Range(1, 1000)
            .Select(i => new ClaudeTaskEvent(7, Guid.Empty, i, ReportSamples.Noon, ClaudeTaskEventKind.Message, $"line {i}", null));

        var item = ReportTask.Of(ReportSamples.Task(7, ClaudeTaskStatus.Completed), events, []);

        Assert.Equal((700, 300, "line 1000"), (item.EventsLeftOut, item.Events.Count, item.Events[^1].Text));
        var report = new ClaudeTaskReport { Tasks = [item] };
        Assert.Contains(
            "700 earlier events left out; Receive-ClaudeTask 7", ReportSamples.Write(report, ReportFormat.Html), StringComparison.Ordinal);
        Assert.Contains(
            "700 earlier events left out; Receive-ClaudeTask 7",
            ReportSamples.Write(report, ReportFormat.Markdown),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_and_a_long_patch_are_cut_and_it_says_so()
    {
        var line = new ClaudeTaskEvent(7, Guid.Empty, 1, ReportSamples.Noon, ClaudeTaskEventKind.Message, new string('x', 5000), null);
        var patch = "@@ -0,0 +1,3000 @@\n" + string.Concat(Enumerable.Repeat("+x\n", 3000));
        var wide = "@@ -0,0 +1 @@\n+" + new string('y', 2_000_000) + "\n";

        var item = ReportTask.Of(
            ReportSamples.Task(7, ClaudeTaskStatus.Completed),
            [line],
            [new ClaudeTaskChange { Path = "a", Patch = patch }, new ClaudeTaskChange { Path = "b", Patch = wide }]);

        Assert.EndsWith("… (1000 more characters)", item.Events[0].Text, StringComparison.Ordinal);
        Assert.Equal((2000, 1001), (item.Changes[0].Patch.Count(character => character == '\n'), item.Changes[0].PatchLinesLeftOut));
        Assert.Equal(("@@ -0,0 +1 @@\n", 1), (item.Changes[1].Patch, item.Changes[1].PatchLinesLeftOut));
        Assert.Contains(
            "1,001 more lines left out",
            ReportSamples.Write(new ClaudeTaskReport { Tasks = [item] }, ReportFormat.Html),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_of_a_page_allows_its_own_style_and_nothing_else()
    {
        var page = ReportSamples.Write(ReportSamples.Everywhere("x"), ReportFormat.Html);

        var style = Regex.Match(page, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains(
            $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_stays_within_what_a_job_summary_takes_and_says_what_is_left_out()
    {
        var item = ReportSamples.Everywhere("x").Tasks[0]
            with { Changes = [ReportSamples.Change("big", "@@ -1 +1 @@\n" + new string('ß', 150_000) + "\n")] };
        var report = new ClaudeTaskReport { Title = "big", Tasks = [.. Enumerable.Repeat(item, 20)] };

        var markdown = ReportSamples.Write(report, ReportFormat.Markdown);

        Assert.InRange(Encoding.UTF8.GetByteCount(markdown), 800_000, 1024 * 1024);
        Assert.Contains("17 parts left out", markdown, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(markdown, "<details>"), Regex.Count(markdown, "</details>"));
    }

    [Fact]
    public void JUnit_counts_what_passed_failed_and_was_skipped()
    {
        var report = new ClaudeTaskReport
        {
            Title = "work",
            Tasks =
            [
                .. Enum.GetValues<ClaudeTaskStatus>().Select((status, i) => new ReportTask { Task = ReportSamples.Task(i + 1, status) }),
                new ReportTask
                {
                    Task = ReportSamples.Task(99, ClaudeTaskStatus.QaFailed) with { Session = "other" },
                    Gates =
                    [
                        new ReportGate { Name = "build", Passed = true, Required = true, Duration = TimeSpan.FromSeconds(3) },
                        new ReportGate { Name = "test", Required = true, ExitCode = 1, Attempt = 2, Output = "1 failed" },
                        new ReportGate { Name = "spelling", ExitCode = 3 },
                    ],
                },
            ],
        };

        var root = XDocument.Parse(ReportSamples.Write(report, ReportFormat.JUnit)).Root!;

        Assert.Equal(["work", "other"], root.Elements().Select(suite => suite.Attribute("name")!.Value));
        var (work, other) = (root.Elements().First(), root.Elements().Last());
        Assert.Equal(("12", "3", "6"), Counts(work));
        Assert.Equal(("4", "2", "1"), Counts(other));
        Assert.Equal(("16", "5", "7"), Counts(root));
        Assert.Equal(
            ["QaFailed", "Rejected", "Failed"], work.Descendants("failure").Select(failure => failure.Attribute("type")!.Value));
        Assert.Equal(
            ["#99 Do it", "build", "test", "spelling"], other.Elements().Select(item => item.Attribute("name")!.Value));
        Assert.Equal("failed with exit code 3, not required", other.Descendants("skipped").Single().Attribute("message")!.Value);
        Assert.Equal("Attempt 2 failed with exit code 1 after 0.0s\n1 failed", other.Descendants("system-out").Single().Value.Trim());

        static (string, string, string) Counts(XElement suite) =>
            (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value);
    }

    [Fact]
    public void Json_is_what_its_schema_says()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "report.schema.json")));
        var schema = new JsonSchema(document.RootElement);
        var report = new ClaudeTaskReport
        {
            Title = "work",
            CreatedAt = ReportSamples.Noon,
            Tasks = [.. ReportSamples.Everywhere("x").Tasks, new ReportTask { Task = new ClaudeTask() }, ReportSamples.Rich],
        };

        using var json = JsonDocument.Parse(ReportSamples.Write(report, ReportFormat.Json));

        Assert.Empty(schema.Check(json.RootElement));
        var task = json.RootElement.GetProperty("tasks")[10].GetProperty("task");
        Assert.Equal("Failed", task.GetProperty("status").GetString());
        Assert.Equal(90, task.GetProperty("duration").GetDouble());
        Assert.Equal("2026-11-24T12:00:00Z", task.GetProperty("createdAt").GetString());
        Assert.Equal(Enum.GetNames<ClaudeTaskStatus>(), schema.EnumOf("status"));
        Assert.Equal(Enum.GetNames<ClaudeTaskReason>(), schema.EnumOf("reason"));
        Assert.Equal(Enum.GetNames<ClaudeTaskEventKind>(), schema.EnumOf("event", "properties", "kind"));
        Assert.Equal(Enum.GetNames<ClaudeTaskChangeKind>(), schema.EnumOf("change", "properties", "kind"));
    }

    [Theory]
    [InlineData(ReportFormat.Html)]
    [InlineData(ReportFormat.Markdown)]
    [InlineData(ReportFormat.JUnit)]
    public void Every_format_for_people_says_the_same(ReportFormat format)
    {
        var written = ReportSamples.Write(new ClaudeTaskReport { Title = "work", Tasks = [ReportSamples.Rich] }, format);

        var text = Regex.Replace(WebUtility.HtmlDecode(written), "</?(b|i|code|dt|dd|span)( [^>]*)?>|\"|\n", "")
            .Replace("  ", " ", StringComparison.Ordinal);
        string[] facts =
        [
            "Gate failed", "1m 30s", "$1.23", "41", "2k in, 345 out, 7.8k from cache", "claude-x",
            "topic", "High", "task 3", "2026-11-24 12:30 UTC", "upgrade", "0123456789",
            "Pending 2.0s", "Running 1m 00s", "QaFailed 2026-11-24 12:01 UTC",
            "build and test did not pass", "task 7", "too wide", "Shorten it", "Bash, WebFetch",
            "It is short now.", "line two", "dotnet test", "build", "error CS1", "failed: TimedOut",
            "failed with exit code 3, not required", "changed files itself: a.trx, b.trx",
            "● Editing: a.cs", "old.cs → new.cs", "+1 −2", "logo.png", "binary", "video.bin", "over limit", "100644 → 100755",
        ];
        Assert.All(facts, fact => Assert.Contains(fact, text, StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(text, "(?i)\\(?attempt 2"));
    }

    [Fact]
    public void Changed_lines_stand_in_blocks_and_only_a_file_with_two_sides_has_its_other_lines_twice()
    {
        var item = new ReportTask
        {
            Task = ReportSamples.Task(1, ClaudeTaskStatus.Completed),
            Changes =
            [
                ReportSamples.Change("both.txt", "@@ -1,3 +1,3 @@\n same\n-old\n+new\n+more\n end\n-last\n"),
                ReportSamples.Change("new.txt", "@@ -0,0 +1,2 @@\n+one\n two\n"),
            ],
        };

        var page = ReportSamples.Write(new ClaudeTaskReport { Tasks = [item] }, ReportFormat.Html);

        Assert.Equal(3, Regex.Count(page, "<div class=\"block\">"));
        Assert.Contains("""
            <div class="Context"><i>1</i><i>1</i><code> same</code><code aria-hidden="true"> same</code></div>
            <div class="block">
            <div class="Removed"><i>2</i><code>-old</code></div>
            <div class="Added"><i>2</i><code>+new</code></div>
            <div class="Added"><i>3</i><code>+more</code></div>
            </div>
            """, page, StringComparison.Ordinal);
        Assert.Contains("<code> two</code></div>", page, StringComparison.Ordinal);
        Assert.Contains("side by side", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_tasks_is_a_page()
    {
        var report = new ClaudeTaskReport { Title = "empty", CreatedAt = ReportSamples.Noon };

        Assert.EndsWith("</html>\n", ReportSamples.Write(report, ReportFormat.Html), StringComparison.Ordinal);
        Assert.Contains("0 tasks", ReportSamples.Write(report, ReportFormat.Markdown), StringComparison.Ordinal);
        Assert.Equal("0", XDocument.Parse(ReportSamples.Write(report, ReportFormat.JUnit)).Root!.Attribute("tests")!.Value);
    }
}
