using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Agent;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <summary>Watches an agent at work: its time limit with a warning before it, its silence, and requests to stop.</summary>
internal sealed class RunWatch(AgentSettings settings, StopSignal stop, Action<EventDraft> record)
{
    private const double WarnAt = 0.8;

    /// <summary>Waits for the end of the turn, or says why the agent has to be stopped before it.</summary>
    public async Task<AgentVerdict?> WaitAsync(AgentSession session)
    {
        var (limit, stallLimit) = (settings.Timeout, settings.StallTimeout);
        var clock = Stopwatch.StartNew();
        var warned = false;
        while (true)
        {
            var untilStalled = stallLimit - session.Silence;
            var untilNext = Min(untilStalled, (warned ? limit : limit * WarnAt) - clock.Elapsed);
            var timer = Task.Delay(untilNext > TimeSpan.Zero ? untilNext : TimeSpan.Zero);
            var first = await Task.WhenAny(session.TurnOver, stop.Requested, timer).ConfigureAwait(false);
            if (first == session.TurnOver)
            {
                return null;
            }

            if (stop.Requested.IsCompleted)
            {
                return new AgentVerdict(stop.Reason, stop.Text);
            }

            if (clock.Elapsed >= limit)
            {
                return new AgentVerdict(ClaudeTaskReason.TimedOut, $"It ran longer than its limit of {Text(limit)}. Give it more with -Timeout.");
            }

            if (session.Silence >= stallLimit)
            {
                return new AgentVerdict(ClaudeTaskReason.Stalled, $"The agent printed nothing for {Text(stallLimit)}.");
            }

            if (!warned && clock.Elapsed >= limit * WarnAt)
            {
                warned = true;
                record(new EventDraft(
                    ClaudeTaskEventKind.Warning, $"{Text(limit * WarnAt)} of {Text(limit)} are over; the task is stopped at its limit."));
            }
        }
    }

    private static TimeSpan Min(TimeSpan first, TimeSpan second) => first < second ? first : second;

    private static string Text(TimeSpan time) => time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} seconds")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes");
}
