using System.Management.Automation;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Notices;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Waits until tasks have ended or wait for a decision.</summary>
[Cmdlet(VerbsLifecycle.Wait, "ClaudeTask")]
[OutputType(typeof(ClaudeTask))]
public sealed class WaitClaudeTaskCommand : TaskCmdlet
{
    /// <summary>The longest time of a timer; a caller that waits for 49 days can call again.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private readonly Dictionary<int, ClaudeTask> _waiting = [];
    private readonly HashSet<(int Task, int? Question)> _told = [];
    private TaskBars _bars = null!;
    private TaskNotices _notices = null!;
    private int _total;

    /// <summary>Return when the first of the tasks is done.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Wait for one of these statuses, or for an ending after which none of them can follow.</summary>
    [Parameter]
    public ClaudeTaskStatus[] Until { get; set; } = [];

    /// <summary>Ask Claude's questions at this terminal.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>
    /// Wait at most this long: a number of seconds, or text such as 90s or 20m. Then each task that is not done is an error, and continues.
    /// By default, there is no limit.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// Notify you through the terminal when a task ends or needs you: with a notification if the terminal supports them, otherwise with a
    /// bell. By default, the option Notify decides.
    /// </summary>
    [Parameter]
    public SwitchParameter Notify { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Timeout is { } limit && limit <= TimeSpan.Zero)
        {
            ThrowTerminatingError(ErrorRecords.From(new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument,
                $"Timeout must be more than 0, not {limit}.",
                limit,
                "Omit it to wait without a limit.")));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        _waiting.TryAdd(id, Engine.Tasks.Get(id));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_waiting.Count > 0)
        {
            Try(null, () =>
            {
                (_bars, _notices, _total) = (CreateBars(), CreateNotices(Notify, Console.Out.Write), _waiting.Count);
                WaitForAll();
            });
        }
    }

    private void WaitForAll()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(PipelineStop);
        if (Timeout is { } time)
        {
            limit.CancelAfter(time < LongestTimer ? time : LongestTimer);
        }

        try
        {
            Engine.Recover();
            foreach (var update in Engine.Events.ObserveUpdates([.. _waiting.Values], IsThere).Pump(limit.Token))
            {
                if (Look(update) && Any)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!PipelineStop.IsCancellationRequested)
        {
            EndAtLimit();
        }
        finally
        {
            _bars.End();
        }
    }

    /// <summary>A task that got there before the limit is not late because its update was still on its way.</summary>
    private void EndAtLimit()
    {
        var last = _waiting.Keys.Select(Engine.Tasks.Get)
            .Select(task => new ClaudeTaskUpdate(task, [], Engine.Tasks.FindBlocker(task)))
            .ToList();
        foreach (var update in last.OrderByDescending(IsThere))
        {
            if (!IsThere(update))
            {
                WriteError(ErrorRecords.From(TaskErrors.WaitTimedOut(update.Task, Timeout!.Value)));
            }
            else if (Look(update) && Any)
            {
                return;
            }
        }
    }

    /// <summary>Writes the task if it is there, otherwise shows how it does.</summary>
    /// <returns>Whether it is there.</returns>
    private bool Look(ClaudeTaskUpdate update)
    {
        var task = update.Task;
        if (update.IsRemoved)
        {
            _waiting.Remove(task.Id);
            _bars.End(task.Id);
            WriteError(ErrorRecords.From(TaskErrors.Removed(task.Id)));
            return false;
        }

        _notices.Look(task);
        if (!IsThere(update))
        {
            _waiting[task.Id] = task;
            _bars.Show(_waiting.Values, _total);
            TellQuestions(task);
            return false;
        }

        _waiting.Remove(task.Id);
        _bars.End(task.Id);
        if (Until.Length == 0 && update.Blocker is { } blocker)
        {
            WriteWarning(TaskErrors.Blocked(task, blocker).Message);
        }

        if (task is { IsBeingRecovered: true, ReasonText: { } problem })
        {
            WriteWarning($"Task {task.Id} is not complete. {problem}");
        }

        WriteObject(task);
        return true;
    }

    private void TellQuestions(ClaudeTask task)
    {
        if (Interactive && task.Status == ClaudeTaskStatus.Running)
        {
            PutQuestions(task.Id, _ => true);
        }
        else if (task.WaitingFor is { Kind: ClaudeTaskWaitKind.Answer } waiting && _told.Add((task.Id, waiting.Question)))
        {
            WriteWarning(
                $"Task {task.Id} waits for {waiting}. Get-ClaudeTaskQuestion shows what Claude asks; "
                    + "Resolve-ClaudeTaskQuestion answers it.");
        }
    }

    /// <summary>Behind a task that a person must decide, the machine can do nothing for it: waiting on would be waiting for ever.</summary>
    private bool IsThere(ClaudeTaskUpdate update) =>
        Until.Length > 0 ? Until.Contains(update.Task.Status) || update.Task.IsEnded : update.IsAtRest;
}
