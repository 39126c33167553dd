namespace ClaudeTasks.Model;

/// <summary>The values that a setting takes; <see cref="SettingDefinition"/> checks them.</summary>
internal enum SettingRange
{
    Any,
    Model,
    PermissionMode,
    Instructions,
    Folder,
    TimeLimit,
    AtLeastOne,
    Attempts,
    Money,
    Days,
    Switch,
}
