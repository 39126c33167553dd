using System.Globalization;
using System.Reflection;

namespace ClaudeTasks.Model;

/// <summary>What is known of a setting. It is read from the property that <see cref="SettingAttribute"/> marks, and nowhere else.</summary>
internal sealed class SettingDefinition
{
    /// <summary>The longest time limit.</summary>
    public static readonly TimeSpan LongestLimit = TimeSpan.FromDays(7);

    /// <summary>The settings of a task, in the order of their declaration.</summary>
    public static readonly IReadOnlyList<SettingDefinition> OfTasks = Of(typeof(ClaudeTaskSettings));

    /// <summary>The settings that are options, in the order of their names.</summary>
    public static readonly IReadOnlyList<SettingDefinition> OfOptions =
        [.. Enum.GetNames<ClaudeTaskOptionName>()
            .Select(name => Of(typeof(ClaudeTaskOptions)).Single(definition => definition.Name == name))];

    /// <summary>More is likely a mistake: every request to the model carries these characters.</summary>
    private const int LongestInstructions = 24 * 1024;

    private static readonly string[] PermissionModes = ["acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan"];

    private readonly PropertyInfo _property;
    private readonly SettingAttribute _setting;

    private SettingDefinition(PropertyInfo property, SettingAttribute setting) => (_property, _setting) = (property, setting);

    public string Name => _property.Name;

    public string? Argument => _setting.Argument;

    /// <summary>What the setting does, and which values it takes.</summary>
    public string Description => $"{_setting.Purpose} ({Range})";

    /// <summary>The values it takes, in words.</summary>
    public string Range => _setting.Range switch
    {
        SettingRange.Model => "a name that Claude Code knows",
        SettingRange.PermissionMode => string.Join(", ", PermissionModes),
        SettingRange.Instructions => string.Create(CultureInfo.InvariantCulture, $"up to {LongestInstructions:N0} characters"),
        SettingRange.Folder => "an absolute path of a folder",
        SettingRange.TimeLimit => "from 1 second to 7 days",
        SettingRange.AtLeastOne => "1 or more",
        SettingRange.Attempts => "from 0 to 20",
        SettingRange.Money => "US dollars, more than 0",
        SettingRange.Days => "days, from 1 to 36500",
        SettingRange.Switch => "True or False",
        _ => "any value",
    };

    /// <summary>Returns the upper settings, completed by the lower ones.</summary>
    public static T Layer<T>(T upper, ClaudeTaskSettings lower)
        where T : ClaudeTaskSettings
    {
        var result = (ClaudeTaskSettings)upper with { };
        foreach (var definition in OfTasks.Where(definition => definition.Get(result) is null))
        {
            definition._property.SetValue(result, definition.Get(lower));
        }

        return (T)result;
    }

    /// <summary>Checks all values of a task's settings.</summary>
    /// <exception cref="ClaudeTaskException">A value is out of its range.</exception>
    public static void Check(ClaudeTaskSettings settings)
    {
        foreach (var definition in OfTasks)
        {
            if (definition.Get(settings) is { } value && !definition.Allows(value))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.InvalidArgument,
                    $"{definition.Name} cannot be '{Shown(value)}'. It takes: {definition.Range}.",
                    value,
                    "Choose another value.");
            }
        }
    }

    public object? Get(ClaudeTaskSettings settings) => _property.GetValue(settings);

    /// <summary>Returns the settings with another value of this one.</summary>
    public T With<T>(T settings, object? value)
        where T : ClaudeTaskSettings
    {
        var result = (ClaudeTaskSettings)settings with { };
        _property.SetValue(result, value);
        return (T)result;
    }

    /// <summary>Returns the options with this one read from its text in the store.</summary>
    /// <exception cref="ClaudeTaskException">The text is not a value of this option.</exception>
    public ClaudeTaskOptions Set(ClaudeTaskOptions options, string text) =>
        With(options, Parse(text) is { } value && Allows(value) ? value : throw new ClaudeTaskException(
            ClaudeTaskErrorId.InvalidArgument,
            $"The option {Name} cannot be '{text}'. It takes: {Range}.",
            text,
            $"Choose another value, or return to the default: Set-ClaudeTaskOption -Reset {Name}"));

    /// <summary>Returns the text of an option's value in the store.</summary>
    /// <exception cref="ClaudeTaskException">The value is not a value of this option.</exception>
    public string ToStore(object value)
    {
        var text = Shown(value);
        Set(ClaudeTaskOptions.Defaults, text);
        return text;
    }

    private static List<SettingDefinition> Of(Type type) =>
    [
        .. type.GetProperties().Select(property => (Property: property, Setting: property.GetCustomAttribute<SettingAttribute>()))
            .Where(item => item.Setting is not null).Select(item => new SettingDefinition(item.Property, item.Setting!)),
    ];

    private static string Shown(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>A NUL would end an argument of the agent early.</summary>
    private static bool HasNul(object value) => value is string text
        ? text.Contains('\0', StringComparison.Ordinal)
        : value is IEnumerable<string> list && list.Any(HasNul);

    private bool Allows(object value) => !HasNul(value) && (_setting.Range, value) switch
    {
        (SettingRange.Model, string text) => !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl),
        (SettingRange.PermissionMode, string text) => PermissionModes.Contains(text),
        (SettingRange.Instructions, string text) => text.Length <= LongestInstructions,
        (SettingRange.Folder, string text) => Path.IsPathFullyQualified(text) && !text.Any(char.IsControl) && !File.Exists(text),
        (SettingRange.TimeLimit, TimeSpan time) => time >= TimeSpan.FromSeconds(1) && time <= LongestLimit,
        (SettingRange.AtLeastOne, int count) => count >= 1,
        (SettingRange.Attempts, int count) => count is >= 0 and <= 20,
        (SettingRange.Money, decimal amount) => amount > 0,
        (SettingRange.Days, int days) => days is >= 1 and <= 36500,
        _ => true,
    };

    private object? Parse(string text) => Nullable.GetUnderlyingType(_property.PropertyType) switch
    {
        null => text,
        var type when type == typeof(TimeSpan) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null,
        var type when type == typeof(decimal) => decimal.TryParse(text, CultureInfo.InvariantCulture, out var amount) ? amount : null,
        var type when type == typeof(bool) => bool.TryParse(text, out var flag) ? flag : null,
        _ => int.TryParse(text, CultureInfo.InvariantCulture, out var count) ? count : null,
    };
}
