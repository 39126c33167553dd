using ClaudeTasks.Model;
using ClaudeTasks.Text;
using ClaudeTasks.Views;

namespace ClaudeTasks.Timeline;

/// <summary>A task of the list.</summary>
/// <param name="Task">The task.</param>
/// <param name="Estimate">How long it will take, where the past says so.</param>
internal sealed record TimelineTask(ClaudeTask Task, DurationEstimate? Estimate)
{
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

    /// <summary>Whether its time runs.</summary>
    public bool IsAtWork => StatusTable.Of(Task.Status).IsActive;

    /// <summary>Whether a person must do something for it to go on.</summary>
    public bool NeedsPerson => TaskView.AsksFor(Task) is not null || Task.IsSuspended || StatusTable.Of(Task.Status).NeedsDecision;

    public string State => TaskView.State(Task);

    public Tone Tone => NeedsPerson ? Tone.Attention : StatusTable.Of(Task.Status).Tone;

    /// <summary>One cell for the status: a spinner while it is at work.</summary>
    public string Mark(int frame) => this switch
    {
        { NeedsPerson: true } => TaskView.AsksFor(Task) is null ? "!" : "?",
        { IsAtWork: true } => Spinner[frame % Spinner.Length].ToString(),
        _ => StatusTable.Of(Task.Status).Sign,
    };

    /// <summary>How long it has taken at that moment.</summary>
    public string Elapsed(DateTime now) =>
        Task.StartedAt is { } start ? ReadableText.Duration((Task.CompletedAt ?? now) - start is { Ticks: > 0 } time ? time : default) : "";

    /// <summary>How long it will take in all, as far as it is known and still of interest.</summary>
    public string Estimated => IsAtWork && Estimate is not null ? $"≈{ReadableText.Rough(Estimate.Typical)}" : "";
}
