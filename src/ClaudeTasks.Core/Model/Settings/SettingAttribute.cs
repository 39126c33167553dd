namespace ClaudeTasks.Model;

/// <summary>Defines a setting: its name and type are those of the property.</summary>
/// <param name="purpose">What the setting does, without its range.</param>
/// <param name="range">The values it takes.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string purpose, SettingRange range = SettingRange.Any) : Attribute
{
    public string Purpose { get; } = purpose;

    public SettingRange Range { get; } = range;

    /// <summary>The agent's argument that carries the value; null where ClaudeTasks itself uses the value.</summary>
    public string? Argument { get; init; }
}
