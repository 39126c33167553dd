using System.Net;
using System.Text.RegularExpressions;
using ClaudeTasks.Reporting;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>A browser runs nothing and fetches nothing of what stands in a report, and it would be seen if it did.</summary>
public sealed partial class ReportBrowserTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RequestTrap _trap = new();

    /// <summary>Markup that fetches something when a browser reads it, by the name of what it fetches.</summary>
    private (string Name, string Markup)[] Live =>
    [
        .. new[]
        {
            ("img", "<img src='@img'>"),
            ("onerror", "<img src=nothing onerror=\"fetch('@onerror')\">"),
            ("script", "<script src='@script'></script>"),
            ("inline", "<script>document.title = 'it ran'; fetch('@inline')</script>"),
            ("link", "<link rel=stylesheet href='@link'>"),
            ("prefetch", "<link rel=prefetch href='@prefetch'>"),
            ("import", "<style>@import '@import';</style>"),
            ("background", "<div style='background: url(@background)'>x</div>"),
            ("frame", "<iframe src='@frame'></iframe>"),
            ("srcdoc", "<iframe srcdoc=\"<script>fetch('@srcdoc')</script>\"></iframe>"),
            ("object", "<object data='@object'></object>"),
            ("embed", "<embed src='@embed'>"),
            ("video", "<video src='@video' autoplay></video>"),
            ("svg", "<svg><image href='@svg'/></svg>"),
            ("onload", "<svg onload=\"fetch('@onload')\"></svg>"),
            ("ontoggle", "<details open ontoggle=\"fetch('@ontoggle')\">x</details>"),
            ("onfocus", "<input autofocus onfocus=\"fetch('@onfocus')\">"),
            ("refresh", "<meta http-equiv=refresh content='0; url=@refresh'>"),
        }.Select(item => (item.Item1, Regex.Replace(item.Item2, "@(?!import ')", _trap.Address))),
    ];

    public void Dispose()
    {
        _trap.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_in_a_report_runs_or_is_fetched()
    {
        Chromium.SkipUnlessThere();
        string[] texts =
        [
            .. Live.Select(item => item.Markup),
            .. Live.Select(item => "\"'></p></code></summary></title></style></svg>" + item.Markup),
            "--></noscript></template></textarea><script>alert(1)</script>",
            .. ReportHostileTests.Texts().Select(row => row.Data),
        ];
        var report = new ClaudeTaskReport
        {
            Title = string.Join(' ', texts),
            Tasks =
            [
                .. texts.SelectMany(text => ReportSamples.Everywhere(text).Tasks.TakeLast(2))
                    .Select((item, i) => item with { Task = item.Task with { Id = i + 1 } }),
            ],
        };
        var page = ReportSamples.Write(report, ReportFormat.Html);

        var document = await ReadAsync(page);

        Assert.Equal(0, _trap.Connections);
        Assert.Equal(TitleOf(page), TitleOf(document));
        ReportHostileTests.AssertOwnMarkup(document);
        Assert.Equal(report.Tasks.Count, Regex.Count(document, "<article "));
    }

    [Fact]
    public async Task The_policy_of_a_page_alone_would_hold()
    {
        Chromium.SkipUnlessThere();
        var page = ReportSamples.Write(ReportSamples.Everywhere("x"), ReportFormat.Html);

        // Where a page leads to is the one thing that a policy has no say in.
        var live = string.Concat(Live.Where(item => item.Name != "refresh").Select(item => item.Markup));
        var document = await ReadAsync(page.Replace("<main>", "<main>" + live, StringComparison.Ordinal));

        Assert.Contains("autofocus", document, StringComparison.Ordinal);
        Assert.Empty(_trap.Paths);
        Assert.Equal("x", TitleOf(document));
    }

    [Fact]
    public async Task What_a_page_runs_and_fetches_is_seen_here()
    {
        Chromium.SkipUnlessThere();

        var document = await ReadAsync($"<!DOCTYPE html><title>x</title>{string.Concat(Live.Select(item => item.Markup))}");

        Assert.Equal("it ran", TitleOf(document));
        Assert.Equal(Live.Select(item => item.Name).Order(), _trap.Paths.Distinct().Order());
    }

    private async Task<string> ReadAsync(string page)
    {
        var file = _folder["page.html"];
        await File.WriteAllTextAsync(file, page);
        return await Chromium.ReadDocumentAsync(file);
    }

    private static string TitleOf(string page) => WebUtility.HtmlDecode(Title().Match(page).Groups[1].Value);

    [GeneratedRegex("<title>(.*?)</title>", RegexOptions.Singleline)]
    private static partial Regex Title();
}
