namespace ClaudeTasks.Model;

/// <summary>The settings that are options. The names are those in the store.</summary>
public enum ClaudeTaskOptionName
{
    /// <inheritdoc cref="ClaudeTaskSettings.Model"/>
    Model,

    /// <inheritdoc cref="ClaudeTaskSettings.PermissionMode"/>
    PermissionMode,

    /// <inheritdoc cref="ClaudeTaskSettings.Timeout"/>
    Timeout,

    /// <inheritdoc cref="ClaudeTaskSettings.StallTimeout"/>
    StallTimeout,

    /// <inheritdoc cref="ClaudeTaskSettings.StartTimeout"/>
    StartTimeout,

    /// <inheritdoc cref="ClaudeTaskSettings.ThrottleLimit"/>
    ThrottleLimit,

    /// <inheritdoc cref="ClaudeTaskSettings.WorktreeFolder"/>
    WorktreeFolder,

    /// <inheritdoc cref="ClaudeTaskSettings.MaxCost"/>
    MaxCost,

    /// <inheritdoc cref="ClaudeTaskOptions.DailyCostLimit"/>
    DailyCostLimit,

    /// <inheritdoc cref="ClaudeTaskSettings.QuestionTimeout"/>
    QuestionTimeout,

    /// <inheritdoc cref="ClaudeTaskOptions.HookTimeout"/>
    HookTimeout,

    /// <inheritdoc cref="ClaudeTaskOptions.RetainDays"/>
    RetainDays,

    /// <inheritdoc cref="ClaudeTaskOptions.RetainEventDays"/>
    RetainEventDays,

    /// <inheritdoc cref="ClaudeTaskOptions.Notify"/>
    Notify,
}
