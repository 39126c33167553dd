namespace ClaudeTasks.Model;

/// <summary>
/// The user's defaults of tasks and of the store, as they are in force. <see cref="ClaudeTaskOptionName"/> lists the settings that are
/// options.
/// </summary>
public sealed record ClaudeTaskOptions : ClaudeTaskSettings
{
    private ClaudeTaskOptions(ClaudeTaskSettings settings)
        : base(settings)
    {
    }

    /// <summary>The options of a user who set none.</summary>
    public static new ClaudeTaskOptions Defaults { get; } = new(ClaudeTaskSettings.Defaults)
    {
        HookTimeout = TimeSpan.FromMinutes(10),
        Notify = false,
    };

    /// <summary>The cost limit of all tasks that start on one day, in US dollars; null for no limit.</summary>
    [Setting("The cost limit of all tasks that start on one day", SettingRange.Money)]
    public decimal? DailyCostLimit { get; init; }

    /// <summary>How long the commit of an approval may take with the user's Git hooks.</summary>
    [Setting("How long git commit may take with your hooks when you approve", SettingRange.TimeLimit)]
    public TimeSpan? HookTimeout { get; init; }

    /// <summary>Tasks that ended longer ago than this many days are removed; null keeps them.</summary>
    [Setting("Tasks that ended longer ago are removed", SettingRange.Days)]
    public int? RetainDays { get; init; }

    /// <summary>Events of tasks that ended longer ago than this many days are removed, the tasks stay; null keeps them.</summary>
    [Setting("Events of tasks that ended longer ago are removed; record, diff and cost stay", SettingRange.Days)]
    public int? RetainEventDays { get; init; }

    /// <summary>Whether the terminal shows a notification when a task that is waited for ends or needs the user.</summary>
    [Setting("The terminal notifies you when a task ends or needs you", SettingRange.Switch)]
    public bool? Notify { get; init; }
}
