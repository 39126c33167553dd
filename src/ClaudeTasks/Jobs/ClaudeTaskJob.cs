using System.Management.Automation;
using System.Runtime.CompilerServices;
using ClaudeTasks.Engine;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Text;
using ClaudeTasks.Views;

namespace ClaudeTasks.Jobs;

/// <summary>
/// A task as a PowerShell job: what <c>Invoke-ClaudeTask</c> would show and write is in its streams. Only a view: the task runs in its
/// worker, goes on when this process ends, and stays recorded when the job is removed. Its streams are filled on pool threads, and
/// completely before its state is a finished one.
/// </summary>
public sealed partial class ClaudeTaskJob : Job2
{
    /// <summary>The type of job, as <c>Get-Job</c> shows it.</summary>
    internal const string TypeName = "ClaudeTask";

    private readonly ClaudeTaskEngine _engine;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _moving = new();
    private IDisposable? _observing;
    private DurationEstimate? _estimate;
    private int? _toldBlocker;
    private volatile bool _isDisposed;
    private volatile ClaudeTask _task;

    internal ClaudeTaskJob(ClaudeTaskEngine engine, ClaudeTask task)
        : base(TerminalText.OneLine(task.Prompt, 200), $"{TypeName}{task.Id}")
    {
        _engine = engine;
        _task = task;
        PSJobTypeName = TypeName;
    }

    /// <summary>The task as it was when something of it was last told.</summary>
    public ClaudeTask Task => _task;

    /// <summary>The name of the repository's folder.</summary>
    public override string Location => TerminalText.OneLine(Path.GetFileName(_task.Repository), 40);

    /// <summary>What the task waits for, or why it ended as it did.</summary>
    public override string StatusMessage =>
        TerminalText.Clean(_task.WaitingFor is { } waiting ? $"waits for {waiting}" : _task.ReasonText ?? _task.Status.ToString());

    /// <summary>Whether there is something to receive, or something may come.</summary>
    public override bool HasMoreData =>
        !IsFinished || Output.Count + Error.Count + Progress.Count + Verbose.Count + Warning.Count + Debug.Count + Information.Count > 0;

    private bool IsFinished => JobStateInfo.State is JobState.Completed or JobState.Failed or JobState.Stopped;

    /// <summary>Begins to follow the task.</summary>
    internal void Observe() => _observing = _engine.Events.ObserveRun(_task.Id, EventLine.DefaultKinds).Subscribe(new Observer(this));

    /// <summary>A job that waits for a person looks at once whether it still does, unless its state is being set just now.</summary>
    internal void Refresh()
    {
        // Who sets it may be waiting for the very pipeline that called this.
        if (JobStateInfo.State is not (JobState.Blocked or JobState.Suspended) || !Monitor.TryEnter(_moving))
        {
            return;
        }

        try
        {
            var task = _engine.Tasks.Get(_task.Id);
            if (StateOf(task, _engine.Tasks.FindBlocker(task)) is (JobState.Running or JobState.NotStarted) and var state)
            {
                Move(state);
            }
        }
        catch (ClaudeTaskException)
        {
            // Whoever observes it learns of that, too.
        }
        finally
        {
            Monitor.Exit(_moving);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isDisposed = true;
            _observing?.Dispose();
            _ended.TrySetResult();
        }

        base.Dispose(disposing);
    }

    private void Take(ClaudeTaskUpdate update)
    {
        _task = update.Task;
        foreach (var item in update.Events)
        {
            Take(item);
        }

        if (update.IsCaughtUp && !(_task.IsSettled && !_task.IsSuspended))
        {
            ShowProgress();
            TellBlocker(update.Blocker);
            Move(StateOf(_task, update.Blocker));
        }
    }

    private void Take(ClaudeTaskEvent item)
    {
        switch (item.Kind)
        {
            case ClaudeTaskEventKind.Warning:
                Warning.Add(new WarningRecord(TerminalText.Clean(item.Text)));
                break;

            // The task's own end is the reason of the job's, which Receive-Job shows as an error.
            case ClaudeTaskEventKind.Error when item.Text != $"{ClaudeTaskStatus.Failed}: {_task.ReasonText}":
                Error.Add(ErrorRecords.From(TaskErrors.Reported(item)));
                break;

            default:
                var record = new InformationRecord(new EventMessage(item), Name);
                record.Tags.Add("PSHOST");
                Information.Add(record);
                break;
        }
    }

    private void ShowProgress()
    {
        if (_estimate is null && _task.StartedAt is not null)
        {
            _estimate = _engine.Statistics.EstimateDuration(_task);
        }

        // Who comes to receive it wants to see how it is, not how it was.
        Progress.Clear();
        Progress.Add(TaskProgress.Of(_task, _estimate));
    }

    private void TellBlocker(ClaudeTask? blocker)
    {
        if (blocker is not null && blocker.Id != _toldBlocker)
        {
            Warning.Add(new WarningRecord(TerminalText.Clean(TaskErrors.Blocked(_task, blocker).Message)));
        }

        _toldBlocker = blocker?.Id;
    }

    /// <summary>
    /// Behind a task that a person must decide it is suspended, so that Wait-Job and Receive-Job -Wait return with a warning, as the
    /// cmdlets of this module do, instead of waiting for ever.
    /// </summary>
    private static JobState StateOf(ClaudeTask task, ClaudeTask? blocker) =>
        task.WaitingFor?.Kind == ClaudeTaskWaitKind.Answer ? JobState.Blocked
        : task.IsSuspended || blocker is not null ? JobState.Suspended
        : task is { Status: ClaudeTaskStatus.Pending, StartedAt: null } ? JobState.NotStarted
        : JobState.Running;

    /// <summary>Receive-Job says of a blocked job that it runs; the next look at the task puts that right.</summary>
    private void Move(JobState state)
    {
        lock (_moving)
        {
            if (JobStateInfo.State != state && !IsFinished)
            {
                SetJobState(state);
            }
        }
    }

    private void Finish()
    {
        Output.Add(PSObject.AsPSObject(_task));
        var error = TaskErrors.OfMissingEnd(_task, blocker: null);
        if (_task is { Status: ClaudeTaskStatus.Cancelled, Reason: ClaudeTaskReason.Stopped })
        {
            Finish(JobState.Stopped, null);
        }
        else
        {
            Finish(error is null ? JobState.Completed : JobState.Failed, error);
        }
    }

    private void Finish(JobState state, Exception? reason)
    {
        Progress.Clear();
        Progress.Add(TaskProgress.Completed(_task.Id));

        lock (_moving)
        {
            // PowerShell shows the message of a reason as it stands.
            SetState(this, state, reason is ClaudeTaskException e
                ? new ClaudeTaskException(
                    e.ErrorId, TerminalText.Clean($"{e.Message} {e.RecommendedAction}"), e.Target, e.RecommendedAction, e.InnerException)
                : reason);
        }

        _ended.TrySetResult();
    }

    /// <summary>Protected in PowerShell, and left out of the library that modules are compiled against.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SetJobState")]
    private static extern void SetState(Job2 job, JobState state, Exception? reason);

    private sealed class Observer(ClaudeTaskJob job) : IObserver<ClaudeTaskUpdate>
    {
        public void OnNext(ClaudeTaskUpdate value) => WhileThere(() => job.Take(value));

        public void OnCompleted() => WhileThere(job.Finish);

        public void OnError(Exception error) => WhileThere(() => job.Finish(JobState.Failed, error));

        /// <summary>Streams that were disposed with their job take nothing more.</summary>
        private void WhileThere(Action action)
        {
            try
            {
                if (!job._isDisposed)
                {
                    action();
                }
            }
            catch (Exception) when (job._isDisposed)
            {
                // Nobody is there to be told.
            }
        }
    }
}
