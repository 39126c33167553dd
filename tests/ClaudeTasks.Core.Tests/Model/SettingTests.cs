using System.Reflection;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests;

public class SettingTests
{
    public static TheoryData<string> Settings => [.. SettingDefinition.OfTasks.Select(definition => definition.Name)];

    [Fact]
    public void Every_property_of_the_settings_is_defined_as_a_setting() =>
        Assert.Equal(Names(typeof(ClaudeTaskSettings)), SettingDefinition.OfTasks.Select(definition => definition.Name).Order());

    [Fact]
    public void Every_option_says_what_it_does() =>
        Assert.All(SettingDefinition.OfOptions, definition => Assert.EndsWith(")", definition.Description, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_upper_layer_wins_and_the_lower_one_fills_its_gaps(string name)
    {
        var definition = SettingDefinition.OfTasks.Single(definition => definition.Name == name);
        var (first, second) = Values(typeof(ClaudeTaskSettings).GetProperty(name)!.PropertyType);
        var (upper, lower) = (definition.With(new ClaudeTaskSettings(), first), definition.With(new ClaudeTaskSettings(), second));

        Assert.Equal(first, definition.Get(SettingDefinition.Layer(upper, lower)));
        Assert.Equal(second, definition.Get(SettingDefinition.Layer(new ClaudeTaskSettings(), lower)));
        Assert.Equal(first, definition.Get(ClaudeTaskSettings.Of(new Dictionary<string, object> { [name] = first, ["Unknown"] = 1 })));
    }

    private static IEnumerable<string> Names(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order();

    private static (object First, object Second) Values(Type type) => Nullable.GetUnderlyingType(type) switch
    {
        null when type == typeof(string) => ("a", "b"),
        null => (new[] { "a" }, Array.Empty<string>()),
        var value when value == typeof(bool) => (false, true),
        var value when value == typeof(int) => (1, 2),
        var value when value == typeof(decimal) => (1m, 2m),
        var value when value == typeof(TimeSpan) => (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)),
        _ => (ClaudeTaskPriority.Low, ClaudeTaskPriority.High),
    };
}
