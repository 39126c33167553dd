using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Model.ClaudeTaskOptionName;

namespace ClaudeTasks.Tests;

public sealed class OptionTests : IDisposable
{
    private readonly StoreFixture _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void What_nobody_set_is_built_in_and_every_option_tells_what_it_does()
    {
        var database = _store.Open();

        Assert.Equal(ClaudeTaskOptions.Defaults, database.Read(OptionTable.Read));
        var all = database.Read(OptionTable.All);
        Assert.Equal(Enum.GetValues<ClaudeTaskOptionName>(), all.Select(option => option.Name));
        Assert.All(all, option => Assert.Equal(ClaudeTaskOptionOrigin.Default, option.Origin));
        Assert.All(all, option => Assert.NotEmpty(option.Description));
        Assert.Equal(
            [null, "acceptEdits", TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(1), 5, null, null, null,
                TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), null, null, false],
            all.Select(option => option.Value));
    }

    [Fact]
    public void Every_option_is_kept_as_it_was_set_and_goes_back_to_its_default()
    {
        var folder = Path.GetFullPath("/trees/ä");
        var values = new Dictionary<ClaudeTaskOptionName, object?>
        {
            [ClaudeTaskOptionName.Model] = "opus", [PermissionMode] = "plan", [ClaudeTaskOptionName.Timeout] = TimeSpan.FromSeconds(90.5),
            [StallTimeout] = TimeSpan.FromDays(7), [StartTimeout] = TimeSpan.FromSeconds(1), [ThrottleLimit] = 12,
            [WorktreeFolder] = folder, [MaxCost] = 0.5m, [DailyCostLimit] = 1234.56m, [QuestionTimeout] = TimeSpan.FromHours(2),
            [HookTimeout] = TimeSpan.FromHours(1), [RetainDays] = 90, [RetainEventDays] = 1, [Notify] = true,
        };

        _store.Open().Write(connection => OptionTable.Write(connection, values));

        var later = _store.Open();
        Assert.Equal(
            ClaudeTaskOptions.Defaults with
            {
                Model = "opus", PermissionMode = "plan", Timeout = TimeSpan.FromSeconds(90.5),
                StallTimeout = TimeSpan.FromDays(7), StartTimeout = TimeSpan.FromSeconds(1), ThrottleLimit = 12,
                WorktreeFolder = folder, MaxCost = 0.5m, DailyCostLimit = 1234.56m, QuestionTimeout = TimeSpan.FromHours(2),
                HookTimeout = TimeSpan.FromHours(1), RetainDays = 90, RetainEventDays = 1, Notify = true,
            },
            later.Read(OptionTable.Read));
        Assert.Equal(values, later.Read(OptionTable.All).ToDictionary(option => option.Name, option => option.Value));
        Assert.All(later.Read(OptionTable.All), option => Assert.Equal(ClaudeTaskOptionOrigin.Store, option.Origin));

        later.Write(connection => OptionTable.Write(connection, values.Keys.ToDictionary(name => name, _ => (object?)null)));
        Assert.Equal(ClaudeTaskOptions.Defaults, later.Read(OptionTable.Read));
    }

    public static TheoryData<ClaudeTaskOptionName, object> BadValues() => new()
    {
        { ClaudeTaskOptionName.Model, " " }, { ClaudeTaskOptionName.Model, "a\0b" }, { PermissionMode, "yolo" },
        { ClaudeTaskOptionName.Timeout, TimeSpan.Zero }, { ClaudeTaskOptionName.Timeout, TimeSpan.FromDays(8) },
        { StallTimeout, TimeSpan.FromSeconds(-1) }, { StartTimeout, TimeSpan.FromSeconds(0.5) },
        { ThrottleLimit, 0 }, { WorktreeFolder, "relative" }, { MaxCost, 0m }, { DailyCostLimit, -1m }, { QuestionTimeout, TimeSpan.Zero },
        { RetainDays, 0 }, { RetainEventDays, -1 }, { RetainDays, 40_000 },
    };

    [Theory]
    [MemberData(nameof(BadValues))]
    public void A_value_that_an_option_cannot_take_is_refused_and_nothing_is_set(ClaudeTaskOptionName name, object value)
    {
        var database = _store.Open();
        var values = new Dictionary<ClaudeTaskOptionName, object?> { [name] = value };
        values.TryAdd(ClaudeTaskOptionName.Model, "good");
        values.TryAdd(RetainEventDays, 5);

        var error = Assert.Throws<ClaudeTaskException>(() => database.Write(connection => OptionTable.Write(connection, values)));

        Assert.Equal(ClaudeTaskErrorId.InvalidArgument, error.ErrorId);
        Assert.Contains(name.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains($"-Reset {name}", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(ClaudeTaskOptions.Defaults, database.Read(OptionTable.Read));
    }

    [Fact]
    public void A_stored_value_that_cannot_be_one_is_named_and_can_be_taken_back()
    {
        var database = _store.Open();
        database.Write(connection => connection.Execute("INSERT INTO options VALUES ('ThrottleLimit', 'many'), ('FromTheFuture', '1')"));

        Assert.Contains(
            "ThrottleLimit", Assert.Throws<ClaudeTaskException>(() => database.Read(OptionTable.Read)).Message, StringComparison.Ordinal);

        database.Write(
            connection => OptionTable.Write(connection, new Dictionary<ClaudeTaskOptionName, object?> { [ThrottleLimit] = null }));
        Assert.Equal(ClaudeTaskOptions.Defaults, database.Read(OptionTable.Read));
    }
}
