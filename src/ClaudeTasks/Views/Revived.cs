using System.Management.Automation;
using ClaudeTasks.Model;

namespace ClaudeTasks.Views;

/// <summary>Objects that came back from a file, a job or another machine have lost their type and kept their properties.</summary>
internal static class Revived
{
    public static T? Value<T>(PSObject item, string property) =>
        LanguagePrimitives.TryConvertTo<T>(item.Properties[property]?.Value, out var value) ? value : default;

    /// <summary>What the views of a task need of it.</summary>
    public static ClaudeTask Task(PSObject item) => item.BaseObject as ClaudeTask ?? new ClaudeTask
    {
        Prompt = Value<string>(item, nameof(ClaudeTask.Prompt)) ?? "",
        Repository = Value<string>(item, nameof(ClaudeTask.Repository)) ?? "",
        CreatedAt = Value<DateTime>(item, nameof(ClaudeTask.CreatedAt)),
        StartedAt = Value<DateTime?>(item, nameof(ClaudeTask.StartedAt)),
        CompletedAt = Value<DateTime?>(item, nameof(ClaudeTask.CompletedAt)),
        FilesChanged = Value<int?>(item, nameof(ClaudeTask.FilesChanged)),
        Additions = Value<int?>(item, nameof(ClaudeTask.Additions)),
        Deletions = Value<int?>(item, nameof(ClaudeTask.Deletions)),
        CostUsd = Value<decimal?>(item, nameof(ClaudeTask.CostUsd)),
    };

    /// <summary>What the views of a session need of it.</summary>
    public static ClaudeTaskSession Session(PSObject item) => item.BaseObject as ClaudeTaskSession ?? new ClaudeTaskSession
    {
        Name = Value<string>(item, nameof(ClaudeTaskSession.Name)) ?? "",
        Repository = Value<string>(item, nameof(ClaudeTaskSession.Repository)) ?? "",
        LastActivity = Value<DateTime>(item, nameof(ClaudeTaskSession.LastActivity)),
        Running = Value<int>(item, nameof(ClaudeTaskSession.Running)),
        Waiting = Value<int>(item, nameof(ClaudeTaskSession.Waiting)),
        Completed = Value<int>(item, nameof(ClaudeTaskSession.Completed)),
        Failed = Value<int>(item, nameof(ClaudeTaskSession.Failed)),
        Rejected = Value<int>(item, nameof(ClaudeTaskSession.Rejected)),
        Cancelled = Value<int>(item, nameof(ClaudeTaskSession.Cancelled)),
        CostUsd = Value<decimal>(item, nameof(ClaudeTaskSession.CostUsd)),
        Duration = Value<TimeSpan>(item, nameof(ClaudeTaskSession.Duration)),
    };

    /// <summary>What the views of a change need of it.</summary>
    public static ClaudeTaskChange Change(PSObject item) => item.BaseObject as ClaudeTaskChange ?? new ClaudeTaskChange
    {
        Path = Value<string>(item, nameof(ClaudeTaskChange.Path)) ?? "",
        OldPath = Value<string>(item, nameof(ClaudeTaskChange.OldPath)) is { Length: > 0 } old ? old : null,
        Kind = Value<ClaudeTaskChangeKind>(item, nameof(ClaudeTaskChange.Kind)),
        Additions = Value<int?>(item, nameof(ClaudeTaskChange.Additions)),
        Deletions = Value<int?>(item, nameof(ClaudeTaskChange.Deletions)),
        IsBinary = Value<bool>(item, nameof(ClaudeTaskChange.IsBinary)),
        IsOverLimit = Value<bool>(item, nameof(ClaudeTaskChange.IsOverLimit)),
        Patch = Value<string>(item, nameof(ClaudeTaskChange.Patch)) ?? "",
    };
}
