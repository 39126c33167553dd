using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <content>When a task starts, what it goes on from, and who answers its questions.</content>
public abstract partial class SubmittingCmdlet
{
    /// <summary>Continue the conversation of this task, in its repository. By default, a new conversation begins.</summary>
    [Parameter]
    [TaskReferenceTransformation]
    [ValidateCount(1, 1)]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[]? Continue { get; set; }

    /// <summary>
    /// Wait until these tasks are completed, with their changes approved. When that is no longer possible, this task fails as
    /// DependencyFailed.
    /// </summary>
    [Parameter]
    [TaskReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[] DependsOn { get; set; } = [];

    /// <summary>Wait for only one of the tasks it depends on.</summary>
    [Parameter]
    public SwitchParameter DependsOnAny { get; set; }

    /// <summary>Accept any ending of the tasks it depends on.</summary>
    [Parameter]
    public SwitchParameter EvenIfFailed { get; set; }

    /// <summary>
    /// Do not start the task before this moment: a DateTime, or text such as 22:00 (the next one), 'tomorrow 9:00', 2h or '2026-12-01
    /// 08:00'.
    /// </summary>
    [Parameter]
    [MomentTransformation(IsFuture = true)]
    public DateTime? At { get; set; }

    /// <summary>
    /// Cancel the task if it would start later than this after its moment, for example because the machine slept. In the form of -Timeout.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? SkipIfLateBy { get; set; }

    /// <summary>
    /// Choose how Claude's questions are answered: Ask, Deny, Allow, or a script block that gets the question and decides. The default is
    /// Ask at a terminal, otherwise Deny. See about_ClaudeTasks.
    /// </summary>
    [Parameter]
    [QuestionChoiceTransformation]
    public QuestionChoice? OnQuestion { get; set; }

    private int? Continued =>
        Continue is null ? null : Run(stop => Continue[0].ResolveAsync(Engine, stop)) is [var first, ..] ? first : null;

    private StartCondition StartCondition => new()
    {
        DependsOn = [.. DependsOn.SelectMany(task => Run(stop => task.ResolveAsync(Engine, stop)))],
        AnyOfThem = DependsOnAny,
        EvenIfFailed = EvenIfFailed,
        NotBefore = At?.ToUniversalTime(),
        SkipIfLateBy = SkipIfLateBy,
    };
}
