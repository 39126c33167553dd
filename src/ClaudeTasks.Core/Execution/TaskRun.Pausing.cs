using ClaudeTasks.Agent;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <content>
/// Ends that are none yet: a pause, a further attempt, the wait for a usage limit, a further turn. The task goes back to the queue, keeps
/// its repository, and comes from there with what it needs to go on; the same prompt is never worked on twice.
/// </content>
internal sealed partial class TaskRun
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromHours(1);

    /// <summary>How long to wait at a usage limit of which the agent did not say when it is reset.</summary>
    private static readonly TimeSpan UnknownReset = TimeSpan.FromMinutes(30);

    /// <summary>Whether an agent of this run has begun to work, so that what it was told is not said again.</summary>
    private bool _hasBegun;

    /// <summary>What an agent is told first.</summary>
    private List<(string Text, Guid Id)> Openings()
    {
        if (!task.Resumes)
        {
            return [(task.Task.Prompt, task.Task.TaskId)];
        }

        if (task.Opening is { } opening)
        {
            return [(opening, Guid.NewGuid())];
        }

        // What was put off is asked again by the agent itself, and a message needs nothing before it.
        var comesByItself = database.Read(connection =>
            MessageTable.Unsent(connection, task.Id).Count > 0
            || QuestionTable.Undelivered(connection, task.Id).Exists(question => question.Kind == ClaudeTaskQuestionKind.Question));
        return comesByItself ? [] : [("Go on with the task where you left off.", Guid.NewGuid())];
    }

    private string Purpose()
    {
        var attempts = database.Read(connection => AttemptTable.Read(connection, task.Id));
        return attempts.Count == 0 ? "Run" : attempts[^1].Reason switch
        {
            ClaudeTaskReason.None => "Turn",
            ClaudeTaskReason.Suspended or ClaudeTaskReason.UsageLimit => "Resume",
            _ => "Retry",
        };
    }

    /// <summary>Ends the task, or lets it pause where it can go on later.</summary>
    private async Task EndAsync(AgentVerdict verdict)
    {
        if (!await TryPauseAsync(verdict).ConfigureAwait(false))
        {
            await MoveAsync(verdict.Reason == ClaudeTaskReason.Stopped ? ClaudeTaskStatus.Cancelled : ClaudeTaskStatus.Failed, verdict.Reason, verdict.Text).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the task pause where what ended its agent is no end of it.</summary>
    private async Task<bool> TryPauseAsync(AgentVerdict verdict)
    {
        switch (verdict.Reason)
        {
            case ClaudeTaskReason.Suspended when _status is ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.Running:
                await PauseAsync(verdict.Reason, $"{verdict.Text} Go on with it: Resume-ClaudeTask {task.Id}", holds: true).ConfigureAwait(false);
                return true;
            case ClaudeTaskReason.UsageLimit when !task.Continuation.FailsAtUsageLimit:
                var reset = verdict.GoesOnAt ?? DateTime.UtcNow + UnknownReset;
                await PauseAsync(verdict.Reason, $"{verdict.Text} It goes on by itself at {TimeText.Moment(reset)}.", notBefore: reset).ConfigureAwait(false);
                return true;
            case var _ when verdict.IsTransient && CountFailures() is var failures && failures <= task.Continuation.Retries:
                var delay = TimeSpan.FromTicks(Math.Min(task.Continuation.RetryDelay.Ticks << (failures - 1), LongestRetryDelay.Ticks));
                await PauseAsync(
                    verdict.Reason,
                    $"{verdict.Text} Attempt {failures + 1} of {task.Continuation.Retries + 1} begins in {TimeText.Span(delay)}.",
                    notBefore: DateTime.UtcNow + delay).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    private int CountFailures() => database.Read(connection => AttemptTable.Read(connection, task.Id))
        .Count(attempt => attempt.Reason is ClaudeTaskReason.ApiError or ClaudeTaskReason.StartFailed or ClaudeTaskReason.Stalled);

    private async Task PauseAsync(ClaudeTaskReason reason, string text, bool holds = false, DateTime? notBefore = null)
    {
        await FlushAsync(ClaudeTaskStatus.Pending).ConfigureAwait(false);
        var goOn = holds
            ? "You were paused by the user, and go on now. Go on with the task where you left off."
            : "You were cut off by a fault that is over now. Go on with the task where you left off.";
        var isStopped = false;
        Moved(ClaudeTaskStatus.Pending, database.Write(connection =>
        {
            // Who asked for an end while it was being paused gets that.
            isStopped = TaskQueue.IsStopRequested(connection, task.Id);
            if (!TaskTable.Move(connection, task.Id, _status, isStopped ? ClaudeTaskStatus.Cancelled : ClaudeTaskStatus.Pending, isStopped ? ClaudeTaskReason.Stopped : reason, text))
            {
                return false;
            }

            var hasQuestion = false;
            if (holds)
            {
                QuestionTable.SetDeadline(connection, task.Id, null);
                hasQuestion = QuestionTable.Undelivered(connection, task.Id).Exists(question => question.Kind == ClaudeTaskQuestionKind.Question);
            }
            else
            {
                QuestionTable.Withdraw(connection, task.Id);
            }

            TaskTable.Set(
                connection,
                task.Id,
                ("is_held", holds && !isStopped),
                ("not_before", notBefore?.ToStoreTime()),
                ("resumes", task.Resumes || _hasBegun),
                ("opening", hasQuestion ? null : _hasBegun ? goOn : task.Opening));
            return true;
        }));
        _status = isStopped ? ClaudeTaskStatus.Cancelled : ClaudeTaskStatus.Pending;
    }

    /// <summary>Moves the task on, unless somebody has said something to it meanwhile: then it gets a further turn. False then.</summary>
    private async Task<bool> MoveUnlessSpokenToAsync(ClaudeTaskStatus to, string? text = null)
    {
        await FlushAsync(to).ConfigureAwait(false);
        var isSpokenTo = false;
        Moved(to, database.Write(connection =>
        {
            isSpokenTo = MessageTable.Unsent(connection, task.Id).Count > 0;
            if (!isSpokenTo)
            {
                return TaskTable.Move(connection, task.Id, _status, to, ClaudeTaskReason.None, text);
            }

            TaskTable.Set(connection, task.Id, ("resumes", true), ("opening", null));
            return TaskTable.Move(connection, task.Id, _status, ClaudeTaskStatus.Pending, ClaudeTaskReason.None, "A message brings a further turn.");
        }));
        return !isSpokenTo;
    }
}
