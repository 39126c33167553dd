namespace ClaudeTasks.Model;

/// <summary>The options there are; <see cref="ClaudeTaskOptions"/> has their values. The names are those in the store.</summary>
public enum ClaudeTaskOptionName
{
    /// <inheritdoc cref="ClaudeTaskOptions.Model"/>
    Model,

    /// <inheritdoc cref="ClaudeTaskOptions.PermissionMode"/>
    PermissionMode,

    /// <inheritdoc cref="ClaudeTaskOptions.Timeout"/>
    Timeout,

    /// <inheritdoc cref="ClaudeTaskOptions.StallTimeout"/>
    StallTimeout,

    /// <inheritdoc cref="ClaudeTaskOptions.StartTimeout"/>
    StartTimeout,

    /// <inheritdoc cref="ClaudeTaskOptions.ThrottleLimit"/>
    ThrottleLimit,

    /// <inheritdoc cref="ClaudeTaskOptions.WorktreeFolder"/>
    WorktreeFolder,

    /// <inheritdoc cref="ClaudeTaskOptions.MaxCost"/>
    MaxCost,

    /// <inheritdoc cref="ClaudeTaskOptions.DailyCostLimit"/>
    DailyCostLimit,

    /// <inheritdoc cref="ClaudeTaskOptions.QuestionTimeout"/>
    QuestionTimeout,

    /// <inheritdoc cref="ClaudeTaskOptions.RetainDays"/>
    RetainDays,

    /// <inheritdoc cref="ClaudeTaskOptions.RetainEventDays"/>
    RetainEventDays,

    /// <inheritdoc cref="ClaudeTaskOptions.Notify"/>
    Notify,
}
