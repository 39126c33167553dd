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

    private readonly List<int> _waiting = [];
    private readonly HashSet<(int Task, int? Question)> _told = [];
    private TaskBars _bars = null!;
    private TaskNotices _notices = null!;
    private int _total;
    private bool _anyDone;

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
                ClaudeTaskErrorId.InvalidArgument, $"Timeout must be more than 0, not {limit}.", limit, "Omit it to wait without a limit.")));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        Engine.Tasks.Get(id);
        if (!_waiting.Contains(id))
        {
            _waiting.Add(id);
        }
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
            Engine.Events.WaitUntil(_waiting, Look, limit.Token);
        }
        catch (OperationCanceledException) when (!PipelineStop.IsCancellationRequested)
        {
            foreach (var id in _waiting)
            {
                WriteError(ErrorRecords.From(TaskErrors.WaitTimedOut(Engine.Tasks.Get(id), Timeout!.Value)));
            }
        }
        finally
        {
            _bars.End();
        }
    }

    /// <summary>Writes the tasks that are there, shows how the others do, and tells whether there is nothing left to wait for.</summary>
    private bool Look(IReadOnlyList<ClaudeTask> tasks)
    {
        foreach (var id in _waiting.Except(tasks.Select(task => task.Id)).ToList())
        {
            _waiting.Remove(id);
            _bars.End(id);
            WriteError(ErrorRecords.From(TaskErrors.Removed(id)));
        }

        var others = new List<ClaudeTask>();
        foreach (var task in tasks)
        {
            if (Any && _anyDone)
            {
                break;
            }

            if (IsThere(task) is var (isThere, warning) && isThere)
            {
                _anyDone = true;
                _waiting.Remove(task.Id);
                _bars.End(task.Id);
                _notices.Look(task);
                if (warning is not null)
                {
                    WriteWarning(warning);
                }

                WriteObject(task);
            }
            else
            {
                _notices.Look(task);
                if (Interactive && task.Status == ClaudeTaskStatus.Running)
                {
                    PutQuestions(task.Id, _ => true);
                }
                else if (task.WaitingFor is { Kind: ClaudeTaskWaitKind.Answer } waiting && _told.Add((task.Id, waiting.Question)))
                {
                    WriteWarning($"Task {task.Id} waits for {waiting}. Get-ClaudeTaskQuestion shows what Claude asks; Resolve-ClaudeTaskQuestion answers it.");
                }

                others.Add(task);
            }
        }

        _bars.Show(others, _total);
        return _waiting.Count == 0 || (Any && _anyDone);
    }

    private (bool IsThere, string? Warning) IsThere(ClaudeTask task)
    {
        if (Until.Length > 0)
        {
            return (Until.Contains(task.Status) || task.IsEnded, null);
        }

        if (task.IsSettled)
        {
            return (true, null);
        }

        // Behind a task that a person must decide, the machine can do nothing for it: waiting on would be waiting for ever.
        return Engine.Tasks.FindBlocker(task) is { } blocker ? (true, TaskErrors.Blocked(task, blocker).Message) : (false, null);
    }
}
