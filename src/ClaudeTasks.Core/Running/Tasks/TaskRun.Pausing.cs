using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Review;
using ClaudeTasks.Store;
using ClaudeTasks.Text;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Running;

/// <content>
/// Endings that are not final: a pause, another attempt, the wait for a usage limit, another turn. The task goes back to the queue, keeps
/// its repository, and comes from there with what it needs to go on; the same prompt is never worked on twice.
/// </content>
internal sealed partial class TaskRun
{
    private static readonly TimeSpan LongestGrowth = TimeSpan.FromHours(1);

    /// <summary>How long to wait at a usage limit of which the agent did not say when it is reset.</summary>
    private static readonly TimeSpan UnknownReset = TimeSpan.FromMinutes(30);

    /// <summary>Whether an agent of this run has begun to work, so that what it was told is not said again.</summary>
    private bool _hasBegun;

    /// <summary>What the next agent is to be told first, as long as none has begun with it.</summary>
    private string? _unsaid = task.Opening;

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
            await MoveAsync(
                verdict.Reason == ClaudeTaskReason.Stopped ? ClaudeTaskStatus.Cancelled : ClaudeTaskStatus.Failed,
                verdict.Reason,
                verdict.Text).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the task pause where what ended its agent is no end of it.</summary>
    private async Task<bool> TryPauseAsync(AgentVerdict verdict)
    {
        switch (verdict.Reason)
        {
            case ClaudeTaskReason.Suspended when _status is ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.Running:
                await PauseAsync(
                    verdict.Reason, $"{verdict.Text} Go on with it: Resume-ClaudeTask {task.Id}", holds: true).ConfigureAwait(false);
                return true;
            case ClaudeTaskReason.PreFlightFailed when IsContinued:
                // What it did and learnt must not be lost because Claude Code is logged out, or a merge is under way.
                await PauseAsync(
                    verdict.Reason, $"{verdict.Text} Then go on: Resume-ClaudeTask {task.Id}", holds: true).ConfigureAwait(false);
                return true;
            case ClaudeTaskReason.UsageLimit when task.Settings.FailAtUsageLimit != true:
                var reset = verdict.GoesOnAt ?? DateTime.UtcNow + UnknownReset;
                await PauseAsync(
                    verdict.Reason,
                    $"{verdict.Text} It goes on by itself at {TimeText.Moment(reset)}.",
                    notBefore: reset).ConfigureAwait(false);
                return true;
            case ClaudeTaskReason.BudgetExceeded when verdict.IsTransient:
                await PauseAsync(verdict.Reason, verdict.Text!).ConfigureAwait(false);
                return true;
            case var _ when verdict.IsTransient && CountFailures() is var failures && failures <= task.Settings.Retry:
                var delay = RetryDelay(task.Settings.RetryDelay!.Value, failures);
                await PauseAsync(
                    verdict.Reason,
                    $"{verdict.Text} Attempt {failures + 1} of {task.Settings.Retry + 1} begins in {TimeText.Span(delay)}.",
                    notBefore: DateTime.UtcNow + delay).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The pause doubles with each failure up to an hour, and is never shorter than the user asked for.</summary>
    public static TimeSpan RetryDelay(TimeSpan first, int failures) =>
        TimeSpan.FromTicks(Math.Max(first.Ticks, Math.Min(first.Ticks << (failures - 1), LongestGrowth.Ticks)));

    private int CountFailures() => database.Read(connection => AttemptTable.Read(connection, task.Id))
        .Count(attempt => attempt.Reason is ClaudeTaskReason.ApiError or ClaudeTaskReason.StartFailed or ClaudeTaskReason.Stalled);

    private async Task PauseAsync(ClaudeTaskReason reason, string text, bool holds = false, DateTime? notBefore = null)
    {
        await FlushAsync(ClaudeTaskStatus.Pending).ConfigureAwait(false);
        await WorktreeCleanup.BeforePauseAsync(database, task.Id).ConfigureAwait(false);
        var goOn = reason == ClaudeTaskReason.Suspended
            ? "You were paused by the user, and go on now. Go on with the task where you left off."
            : "You were cut off by a fault that is over now. Go on with the task where you left off.";
        MoveToQueue(reason, text, holds, (connection, isHeld) =>
        {
            var hasQuestion = false;
            if (isHeld)
            {
                QuestionTable.SetDeadline(connection, task.Id, null);
                hasQuestion = QuestionTable.Undelivered(connection, task.Id)
                    .Exists(question => question.Kind == ClaudeTaskQuestionKind.Question);
            }
            else
            {
                QuestionTable.Withdraw(connection, task.Id);
            }

            TaskTable.Set(
                connection,
                task.Id,
                ("not_before", notBefore?.ToStoreTime()),
                ("resumes", task.Resumes || _hasBegun),
                ("opening", hasQuestion ? null : _unsaid ?? (_hasBegun ? goOn : null)));
        });
    }

    /// <summary>
    /// Moves the task on, unless somebody has said something to it meanwhile: then it gets a further turn. Who asked for an end at the last
    /// moment gets that. False unless it has moved.
    /// </summary>
    private async Task<bool> MoveUnlessSpokenToAsync(
        ClaudeTaskStatus to, ClaudeTaskReason reason = ClaudeTaskReason.None, string? text = null)
    {
        await FlushAsync(to).ConfigureAwait(false);
        var isMoved = database.Write(connection =>
        {
            var goesOn = MessageTable.Unsent(connection, task.Id).Count > 0
                || (to is ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed
                    && TaskQueue.StopRequest(connection, task.Id) == false);
            return goesOn ? (bool?)null : TaskTable.Move(connection, task.Id, _status, to, reason, text);
        });
        if (isMoved is { } moved)
        {
            Moved(to, moved);
            return true;
        }

        MoveToQueue(ClaudeTaskReason.None, "A message brings a further turn.", holds: false, (connection, _) =>
            TaskTable.Set(connection, task.Id, ("resumes", true), ("opening", null)));
        return false;
    }

    /// <summary>Back to the queue; or to the end, or to a hold, where somebody has asked for that meanwhile.</summary>
    private void MoveToQueue(ClaudeTaskReason reason, string text, bool holds, Action<SqliteConnection, bool> set)
    {
        var to = ClaudeTaskStatus.Pending;
        Moved(to, database.Write(connection =>
        {
            var request = TaskQueue.StopRequest(connection, task.Id);
            if (request == false)
            {
                to = ClaudeTaskStatus.Cancelled;
                (reason, text, holds) = (ClaudeTaskReason.Stopped, "Stopped on request.", false);
            }
            else if (request == true && !holds)
            {
                (reason, text, holds) = (
                    ClaudeTaskReason.Suspended, $"{text} Suspended on request. Go on with it: Resume-ClaudeTask {task.Id}", true);
            }

            if (!TaskTable.Move(connection, task.Id, _status, to, reason, text))
            {
                return false;
            }

            TaskTable.Set(connection, task.Id, ("is_held", holds));
            set(connection, holds);
            return true;
        }));
        _status = to;
    }
}
