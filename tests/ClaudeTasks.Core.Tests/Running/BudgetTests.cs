using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

public sealed class BudgetTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Theory]
    [InlineData(null, 1)]
    [InlineData("0.4", 2)]
    [InlineData("2", 1)]
    public void Agents_at_once_share_the_limit_of_the_day(string? maxCost, int atOnce)
    {
        _engine.Engine.Settings.SetOptions(new Dictionary<ClaudeTaskOptionName, object?> { [ClaudeTaskOptionName.DailyCostLimit] = 1m });
        var most = maxCost is null ? (decimal?)null : decimal.Parse(maxCost, System.Globalization.CultureInfo.InvariantCulture);
        var call = _engine.Engine.Submit(new WorkerHost.InProcess());
        List<ClaudeTask> tasks = [.. Enumerable.Range(0, 4).Select(i => call.Add(_engine.Request(
            Steps(Step("waitFile", _engine["go on"]), """{"echoArgs":1}"""),
            new TaskSettings { MaxCost = most },
            new TestRepository(_engine[$"repository{i}"]).Root)))];

        Until.True(
            () => States().Count(task => task.WaitingFor?.Kind == ClaudeTaskWaitKind.DailyCostLimit) == tasks.Count - atOnce
                && States().Count(task => task.Status == ClaudeTaskStatus.Running) == atOnce,
            "the others wait for the limit");
        Assert.InRange(
            (double)StoreFixture.Scalar(
                _engine.Engine.Store.Path, "SELECT CAST(sum(reserved_usd) AS REAL) FROM attempts WHERE ended_at IS NULL")!,
            0.1,
            1);

        File.WriteAllText(_engine["go on"], "");
        Assert.All(tasks.ConvertAll(task => _engine.Settled(task.Id)), task => Assert.Equal(ClaudeTaskStatus.Completed, task.Status));
        Assert.Equal(0L, StoreFixture.Scalar(_engine.Engine.Store.Path, "SELECT count(*) FROM attempts WHERE ended_at IS NULL"));

        IReadOnlyList<ClaudeTask> States() => _engine.Engine.GetAll([.. tasks.Select(task => task.Id)]);
    }

    [Theory]
    [InlineData(120, 1, 120)]
    [InlineData(120, 3, 120)]
    [InlineData(1, 3, 4)]
    [InlineData(30, 5, 60)]
    public void A_retry_never_comes_sooner_than_the_user_asked(int minutes, int failures, int expected) =>
        Assert.Equal(TimeSpan.FromMinutes(expected), TaskRun.RetryDelay(TimeSpan.FromMinutes(minutes), failures));

    public void Dispose() => _engine.Dispose();
}
