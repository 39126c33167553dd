using System.Diagnostics;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <summary>
/// Watches an agent at work: its time limit with a warning before it, its silence, its questions, and requests to stop. Time spent
/// waiting for an answer counts for nothing.
/// </summary>
internal sealed class RunWatch(TaskSettings settings, StopSignal stop, RunQuestions questions, Action<EventDraft> record, Action saveUsage)
{
    private const double WarnAt = 0.8;

    /// <summary>How often the agent is asked what it has used, so that little of it is lost when it is killed.</summary>
    private static readonly TimeSpan UsageInterval = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the end of the turn, or says why the agent has to be stopped before it.</summary>
    public async Task<AgentVerdict?> WaitAsync(AgentSession session)
    {
        var (limit, stallLimit) = (settings.Timeout!.Value, settings.StallTimeout!.Value);
        var clock = Stopwatch.StartNew();
        var sinceUsage = Stopwatch.StartNew();
        var warned = false;
        while (true)
        {
            var changed = questions.Changed;
            var deadline = questions.Deadline;
            var worked = clock.Elapsed - questions.Waited;
            var untilNext = deadline is { } moment
                ? moment - DateTime.UtcNow
                : Min(Min(stallLimit - session.Silence, (warned ? limit : limit * WarnAt) - worked), UsageInterval - sinceUsage.Elapsed);
            var timer = Task.Delay(untilNext > TimeSpan.Zero ? untilNext : TimeSpan.Zero);
            var first = await Task.WhenAny(session.TurnOver, stop.Requested, timer, changed).ConfigureAwait(false);
            if (first == session.TurnOver)
            {
                return null;
            }

            if (stop.Requested.IsCompleted)
            {
                return new AgentVerdict(stop.Reason, stop.Text);
            }

            if (deadline is not null)
            {
                questions.Expire();
                continue;
            }

            worked = clock.Elapsed - questions.Waited;
            if (worked >= limit)
            {
                return new AgentVerdict(
                    ClaudeTaskReason.TimedOut, $"It ran longer than its limit of {TimeText.Span(limit)}. Give it more with -Timeout.");
            }

            if (session.Silence >= stallLimit)
            {
                return new AgentVerdict(
                    ClaudeTaskReason.Stalled,
                    $"The agent printed nothing for {TimeText.Span(stallLimit)}. "
                        + "Give it more with -StallTimeout, or have it tried again with -Retry.",
                    IsTransient: true);
            }

            if (!warned && worked >= limit * WarnAt)
            {
                warned = true;
                record(new EventDraft(
                    ClaudeTaskEventKind.Warning,
                    $"{TimeText.Span(limit * WarnAt)} of {TimeText.Span(limit)} used. The task stops at the limit."));
            }

            if (sinceUsage.Elapsed >= UsageInterval)
            {
                // What it said to the last such question is saved, and it is asked again.
                sinceUsage.Restart();
                saveUsage();
                session.AskUsage();
            }
        }
    }

    private static TimeSpan Min(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
