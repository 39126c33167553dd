using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The progress bar of a task: one a task, under an id that stays the same.</summary>
internal static class TaskProgress
{
    /// <summary>The id of the bar over all tasks; theirs are greater.</summary>
    public const int All = 0;

    private const int Most = 99;

    /// <param name="task">The task.</param>
    /// <param name="estimate">How long it will take in all, where the past says so.</param>
    /// <param name="doing">What Claude does now.</param>
    /// <param name="hasParent">Whether there is a bar over all tasks.</param>
    public static ProgressRecord Of(ClaudeTask task, DurationEstimate? estimate, string? doing = null, bool hasParent = false)
    {
        var status = task.WaitingFor is { } waiting ? $"{task.Status}, waits for {waiting}" : task.Status.ToString();
        var elapsed = task.Duration ?? DateTime.UtcNow - task.CreatedAt;

        // What waits for somebody, or for a moment, ends when that lets it.
        var left = estimate is null || task.StartedAt is null || task.WaitingFor is not null ? "" : "  " + TimeLeft(elapsed, estimate);
        var record = new ProgressRecord(
            task.Id,
            $"Task {task.Id}: {TaskView.Prompt(task, 60)}",
            $"{status}  {elapsed:hh\\:mm\\:ss}{left}{(doing is null ? "" : "  " + TerminalText.OneLine(doing, 80))}")
        {
            ParentActivityId = hasParent ? All : -1,
        };
        if (left.Length > 0)
        {
            var isLate = elapsed >= estimate!.Typical;
            record.PercentComplete = isLate ? Most : (int)Math.Clamp(100 * (elapsed / estimate.Typical), 0, Most);
            record.SecondsRemaining = isLate ? -1 : (int)Math.Ceiling((estimate.Typical - elapsed).TotalSeconds);
        }

        return record;
    }

    /// <summary>The bar over several tasks.</summary>
    public static ProgressRecord OfAll(int done, int total) =>
        new(All, "Claude tasks", $"{done} of {total}") { PercentComplete = 100 * done / total };

    public static ProgressRecord Completed(int id) => new(id, $"Task {id}", "Done") { RecordType = ProgressRecordType.Completed };

    private static string TimeLeft(TimeSpan elapsed, DurationEstimate estimate)
    {
        if (elapsed >= estimate.Typical)
        {
            return $"longer than usual ({Range(estimate.Low, estimate.High)})";
        }

        var low = estimate.Low > elapsed ? estimate.Low - elapsed : TimeSpan.Zero;
        return $"≈ {ReadableText.Rough(estimate.Typical - elapsed)} left ({Range(low, estimate.High - elapsed)})";
    }

    private static string Range(TimeSpan low, TimeSpan high) => $"{ReadableText.Rough(low)}–{ReadableText.Rough(high)}";
}
