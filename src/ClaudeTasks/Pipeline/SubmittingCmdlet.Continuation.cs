using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <content>When a task starts, what it goes on from, and who answers its questions.</content>
public abstract partial class SubmittingCmdlet
{
    /// <summary>The task whose conversation goes on with this prompt, in its repository. Without it a new conversation begins.</summary>
    [Parameter]
    [TaskReferenceTransformation]
    [ValidateCount(1, 1)]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[]? Continue { get; set; }

    /// <summary>
    /// Tasks that must have ended well first: completed, with what they changed approved. When that cannot be any more, this one fails as
    /// DependencyFailed.
    /// </summary>
    [Parameter]
    [TaskReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[] DependsOn { get; set; } = [];

    /// <summary>One of the tasks it depends on is enough.</summary>
    [Parameter]
    public SwitchParameter DependsOnAny { get; set; }

    /// <summary>An end of any kind is enough of the tasks it depends on.</summary>
    [Parameter]
    public SwitchParameter EvenIfFailed { get; set; }

    /// <summary>
    /// The moment before which the task does not start: a DateTime, or text such as 22:00 (the next one), 'tomorrow 9:00', 2h or
    /// '2026-12-01 08:00'.
    /// </summary>
    [Parameter]
    [MomentTransformation(IsFuture = true)]
    public DateTime? At { get; set; }

    /// <summary>
    /// Cancels it, when it would start later than this after its moment, because the machine slept, say. In the form of -Timeout.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? SkipIfLateBy { get; set; }

    /// <summary>
    /// What becomes of Claude's questions: Ask, Deny, Allow, or a script block that gets the question and decides. Without it Ask where
    /// somebody sits at a terminal, else Deny. See about_ClaudeTasks.
    /// </summary>
    [Parameter]
    [QuestionChoiceTransformation]
    public QuestionChoice? OnQuestion { get; set; }

    private int? Continued => Continue is null ? null : Continue[0].Resolve(Engine) is [var first, ..] ? first : null;

    private StartCondition StartCondition => new()
    {
        DependsOn = [.. DependsOn.SelectMany(task => task.Resolve(Engine))],
        AnyOfThem = DependsOnAny,
        EvenIfFailed = EvenIfFailed,
        NotBefore = At?.ToUniversalTime(),
        SkipIfLateBy = SkipIfLateBy,
    };
}
