using System.Globalization;

namespace ClaudeTasks.Model;

/// <summary>What a task waits for. As text, it is the words that people read.</summary>
public sealed record ClaudeTaskWait
{
    /// <summary>The kind of thing it waits for.</summary>
    public ClaudeTaskWaitKind Kind { get; init; }

    /// <summary>The number of the task it waits for; null unless it waits for one.</summary>
    public int? Task { get; init; }

    /// <summary>The number of the question whose answer it waits for; null unless it waits for one.</summary>
    public int? Question { get; init; }

    /// <summary>The moment it waits for, in UTC; null unless it waits for one.</summary>
    public DateTime? Until { get; init; }

    /// <summary>The words for it, such as <c>task 12</c>, <c>a free slot</c> or <c>approval</c>.</summary>
    public override string ToString() => Kind switch
    {
        ClaudeTaskWaitKind.Task => string.Create(CultureInfo.InvariantCulture, $"task {Task}"),
        ClaudeTaskWaitKind.Answer => string.Create(CultureInfo.InvariantCulture, $"an answer to question {Question}"),
        ClaudeTaskWaitKind.Resume => "a resume",
        ClaudeTaskWaitKind.Moment => MomentText.Of(Until),
        ClaudeTaskWaitKind.UsageLimit => $"the usage limit until {MomentText.Of(Until)}",
        ClaudeTaskWaitKind.FreeSlot => "a free slot",
        ClaudeTaskWaitKind.DailyCostLimit => "the daily cost limit",
        _ => "approval",
    };
}
