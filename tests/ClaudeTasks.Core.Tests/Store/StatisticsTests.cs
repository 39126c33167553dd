using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Sums over tasks whose numbers are known, and estimates from their durations.</summary>
public sealed class StatisticsTests : IDisposable
{
    private static readonly DateTime Noon = DateTime.Today.AddHours(12).ToUniversalTime();

    private readonly StoreFixture _store = new();
    private readonly Database _database;

    public StatisticsTests() => _database = _store.Open();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void The_sums_are_those_of_the_tasks()
    {
        Add(ClaudeTaskStatus.Completed, minutes: 2, cost: "0.1");
        Add(ClaudeTaskStatus.WaitingApproval, minutes: 4, cost: "0.2");
        Add(ClaudeTaskStatus.Failed, minutes: 3, cost: "0.014262249999999999");
        Add(ClaudeTaskStatus.Cancelled, minutes: null, cost: null);

        var all = Assert.Single(Measure(ClaudeTaskGrouping.None));

        Assert.Equal((4, 2, 1), (all.Count, all.Succeeded, all.Failed));
        Assert.Equal(2 / 3.0, all.SuccessRate);
        Assert.Equal((TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(3)), (all.Duration, all.AverageDuration));
        Assert.Equal(0.31426225m, all.CostUsd);
        Assert.Equal((3L, 6L, 9L, 12L), (all.InputTokens, all.OutputTokens, all.CacheReadTokens, all.CacheCreationTokens));
        Assert.Null(all.Group);
    }

    [Fact]
    public void Of_no_tasks_there_is_one_sum_with_nothing_in_it_and_no_group()
    {
        Assert.Equal(new ClaudeTaskMeasure(), Assert.Single(Measure(ClaudeTaskGrouping.None)));
        Assert.Null(new ClaudeTaskMeasure().SuccessRate);
        Assert.Empty(Measure(ClaudeTaskGrouping.Day));
    }

    [Fact]
    public void Costs_are_added_without_an_error_of_their_own()
    {
        foreach (var _ in Enumerable.Range(0, 1000))
        {
            Add(cost: "0.1");
        }

        Assert.Equal(100m, Assert.Single(Measure(ClaudeTaskGrouping.None)).CostUsd);
        Assert.Equal(100m, _database.Read(SessionTable.Read)[0].Session.CostUsd);
    }

    [Fact]
    public void Groups_are_told_apart_and_sorted()
    {
        Add(repository: "/b/.git", session: "one", model: "opus", template: "fix", at: Noon.AddDays(-1), cost: "1");
        Add(repository: "/b/.git", session: "two", model: "opus", cost: "2");
        Add(ClaudeTaskStatus.Failed, repository: "/a/.git", session: "one", cost: "4");

        Assert.Equal([("/a", 4m), ("/b", 3m)], Groups(ClaudeTaskGrouping.Repository).Order());
        Assert.Equal([("one", 1m), ("two", 2m), ("one", 4m)], Groups(ClaudeTaskGrouping.Session));
        Assert.Equal(["/b", "/b", "/a"], Measure(ClaudeTaskGrouping.Session).Select(measure => measure.Repository));
        Assert.Equal([(Day(-1), 1m), (Day(0), 6m)], Groups(ClaudeTaskGrouping.Day));
        Assert.Equal([(null, 4m), ("opus", 3m)], Groups(ClaudeTaskGrouping.Model));
        Assert.Equal([(null, 6m), ("fix", 1m)], Groups(ClaudeTaskGrouping.Template));
        Assert.Equal([("Completed", 3m), ("Failed", 4m)], Groups(ClaudeTaskGrouping.Status));
    }

    [Fact]
    public void A_task_counts_with_the_moment_it_began()
    {
        Add(at: Noon.AddHours(-2), cost: "1");
        Add(at: Noon, cost: "2");
        var queued = StoreFixture.AddTask(_database);
        Set(queued, ("created_at", Noon.AddHours(1).ToStoreTime()), ("cost_usd", "4"));

        Assert.Equal(6m, Measure(ClaudeTaskGrouping.None, since: Noon)[0].CostUsd);
        Assert.Equal(1m, Measure(ClaudeTaskGrouping.None, until: Noon)[0].CostUsd);
        Assert.Equal(2m, Measure(ClaudeTaskGrouping.None, since: Noon, until: Noon.AddHours(1))[0].CostUsd);
        Assert.Equal(6m, _database.Read(connection => CostTable.SpentSince(connection, Noon)));
        Assert.Equal(0m, _database.Read(connection => CostTable.SpentSince(connection, Noon.AddHours(2))));
    }

    [Fact]
    public void What_was_spent_is_found_by_an_index()
    {
        var plan = _database.Read(connection => connection.Query(
            $"EXPLAIN QUERY PLAN SELECT {CostTable.Sum} FROM tasks t WHERE {CostTable.Moment} >= 5", reader => reader.GetString(3)));

        Assert.Contains("tasks_by_start", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_and_a_session_restrict()
    {
        Add(repository: "/a/.git", session: "one", cost: "1");
        Add(repository: "/a/.git", session: "two", cost: "2");
        Add(repository: "/b/.git", session: "one", cost: "4");

        Assert.Equal(3m, Measure(ClaudeTaskGrouping.None, key: "/a/.git")[0].CostUsd);
        Assert.Equal(5m, Measure(ClaudeTaskGrouping.None, session: "ON*")[0].CostUsd);
        Assert.Equal(1m, Measure(ClaudeTaskGrouping.None, key: "/a/.git", session: "one")[0].CostUsd);
    }

    [Fact]
    public void Three_like_tasks_are_the_ground_of_an_estimate()
    {
        Add(minutes: 1);
        Add(ClaudeTaskStatus.WaitingApproval, minutes: 2);
        var task = Add(minutes: null);
        Assert.Null(Estimate(task));

        Add(minutes: 5);

        Assert.Equal(new DurationEstimate(Minutes(2), Minutes(1.5), Minutes(3.5)), Estimate(task));
    }

    [Fact]
    public void A_night_for_which_a_task_paused_is_no_part_of_its_time()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var paused = Add(minutes: 600);
            Attempt(paused, 1, "Start", 0, 1);
            Attempt(paused, 2, "Resumed", 598, 598.5);
            Attempt(paused, 3, "Repair 1", 599, 600);
        }

        Assert.Equal(Minutes(3), Estimate(Add(minutes: null))!.Typical);
    }

    [Fact]
    public void Only_like_tasks_count()
    {
        var task = Add(prompt: new string('x', 100), template: "fix");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Add(prompt: new string('x', 100), template: "FIX", minutes: 2);
            Add(prompt: new string('x', 400), template: "fix", minutes: 2);
            Add(prompt: new string('x', 25), template: "fix", minutes: 2);
            Add(prompt: new string('x', 401), template: "fix", minutes: 50);
            Add(prompt: new string('x', 24), template: "fix", minutes: 50);
            Add(prompt: new string('x', 100), template: "other", minutes: 50);
            Add(prompt: new string('x', 100), minutes: 50);
            Add(prompt: new string('x', 100), template: "fix", repository: "/other/.git", minutes: 50);
            Add(ClaudeTaskStatus.Failed, prompt: new string('x', 100), template: "fix", minutes: 50);
            Add(ClaudeTaskStatus.Cancelled, prompt: new string('x', 100), template: "fix", minutes: 50);
        }

        Assert.Equal(new DurationEstimate(Minutes(2), Minutes(2), Minutes(2)), Estimate(task));
    }

    [Fact]
    public void The_newest_fifty_count()
    {
        foreach (var _ in Enumerable.Range(0, 30))
        {
            Add(minutes: 60);
        }

        foreach (var _ in Enumerable.Range(0, 50))
        {
            Add(minutes: 1);
        }

        Assert.Equal(new DurationEstimate(Minutes(1), Minutes(1), Minutes(1)), Estimate(Add(minutes: null)));
    }

    [Fact]
    public void A_task_that_is_gone_has_no_estimate() => Assert.Null(Estimate(4711));

    private int Add(
        ClaudeTaskStatus status = ClaudeTaskStatus.Completed,
        string repository = "/a/.git",
        string session = "work",
        string prompt = "Do it",
        string? model = null,
        string? template = null,
        DateTime? at = null,
        double? minutes = 1,
        string? cost = null)
    {
        var id = StoreFixture.AddTask(_database, repository, session: session);
        var start = at ?? Noon;
        Set(
            id,
            ("status", StatusMoves.ToStore(status)),
            ("prompt", prompt),
            ("model", model),
            ("template", template),
            ("created_at", start.AddDays(-3).ToStoreTime()),
            ("started_at", minutes is null ? null : start.ToStoreTime()),
            ("completed_at", minutes is { } length ? start.AddMinutes(length).ToStoreTime() : null),
            ("cost_usd", cost),
            ("input_tokens", cost is null ? null : 1),
            ("output_tokens", cost is null ? null : 2),
            ("cache_read_tokens", cost is null ? null : 3),
            ("cache_creation_tokens", cost is null ? null : 4));
        return id;
    }

    private void Attempt(int task, int number, string purpose, double from, double to) => _database.Write(connection => connection.Execute(
        "INSERT INTO attempts (task_id, number, purpose, started_at, ended_at) VALUES ($task, $number, $purpose, $from, $to)",
        ("$task", task), ("$number", number), ("$purpose", purpose),
        ("$from", Noon.AddMinutes(from).ToStoreTime()), ("$to", Noon.AddMinutes(to).ToStoreTime())));

    private void Set(int task, params (string, object?)[] values) => _database.Write(connection => TaskTable.Set(connection, task, values));

    private List<ClaudeTaskMeasure> Measure(
        ClaudeTaskGrouping grouping, DateTime? since = null, DateTime? until = null, string? key = null, string? session = null) =>
        _database.Read(connection => StatisticsTable.Measure(connection, grouping, new TaskQuery { Session = session }, key, since, until));

    private IEnumerable<(string? Group, decimal Cost)> Groups(ClaudeTaskGrouping grouping) =>
        Measure(grouping).Select(measure => (measure.Group, measure.CostUsd));

    private DurationEstimate? Estimate(int task) =>
        DurationEstimate.Of(_database.Read(connection => StatisticsTable.LikeDurations(connection, task)));

    private static string Day(int offset) => DateTime.Today.AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
