using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <content>Ending an agent.</content>
internal sealed partial class AgentSession
{
    private static readonly TimeSpan SweepGrace = TimeSpan.FromSeconds(2);

    /// <summary>Ends an agent whose turn is over: end of input, and if it stays, the rest of the stop sequence.</summary>
    public async Task FinishAsync()
    {
        _process.CloseInput();
        if (!await ExitsWithinAsync(StepLimit).ConfigureAwait(false))
        {
            // Its result is complete and it is idle. How it ends when it is made to says nothing about its work.
            _hangsAfterTurn = _turnOver.Task.IsCompleted;
            Record(new EventDraft(ClaudeTaskEventKind.Warning, "Claude Code did not end by itself after its turn, and was ended."));
            await EndByForceAsync().ConfigureAwait(false);
        }

        await SweepAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Stops an agent at work: interrupt, end of input, a request to end, and the end of everything that carries the task's cookie. Each
    /// step has its own limit, so it always ends.
    /// </summary>
    public async Task StopAsync()
    {
        if (!_process.Exited.IsCompleted)
        {
            Step("interrupt");
            Send(ControlMessages.Interrupt());
            await Task.WhenAny(_resultSeen.Task, _process.Exited, Task.Delay(StepLimit)).ConfigureAwait(false);
            Step("end of input");
            _process.CloseInput();
            if (!await ExitsWithinAsync(StepLimit).ConfigureAwait(false))
            {
                await EndByForceAsync().ConfigureAwait(false);
            }
        }

        await SweepAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Pauses an agent: its open questions are deferred where that is possible, so that they are asked again; else it is interrupted.
    /// </summary>
    public async Task SuspendAsync(IReadOnlyCollection<AgentAsk> open)
    {
        if (open.Count == 0 || open.Any(ask => !ask.IsHook))
        {
            await StopAsync().ConfigureAwait(false);
            return;
        }

        Step("its question is put off");
        foreach (var ask in open)
        {
            Send(ControlMessages.Defer(ask));
        }

        await Task.WhenAny(TurnOver, Task.Delay(StepLimit)).ConfigureAwait(false);
        await (TurnOver.IsCompleted ? FinishAsync() : StopAsync()).ConfigureAwait(false);
    }

    private async Task EndByForceAsync()
    {
        Step("request to end (TERM)");
        _tree.Signal(Identity, force: false);
        if (!await ExitsWithinAsync(StepLimit).ConfigureAwait(false))
        {
            Step("end by force (KILL)");
            _tree.Signal(Identity, force: true);
            await ExitsWithinAsync(StepLimit).ConfigureAwait(false);
        }
    }

    /// <summary>Ends what the agent left running, which it does after a clean end too, and waits for the last lines.</summary>
    private async Task SweepAsync()
    {
        var left = await _tree.EndAllAsync(SweepGrace).ConfigureAwait(false);
        if (left.Count > 0)
        {
            var names = string.Join(", ", left.Take(10).Select(member => $"{member.Command} ({member.Identity.Pid})"));
            Record(new EventDraft(ClaudeTaskEventKind.Process, $"Ended {left.Count} process(es) that the agent left running: {names}"));
        }

        if (!await _process.WaitForOutputsAsync(StepLimit).ConfigureAwait(false))
        {
            Record(new EventDraft(
                ClaudeTaskEventKind.Warning, "Something that is not the agent's holds its output open; the rest of it is not read."));
        }
    }

    private async Task<bool> ExitsWithinAsync(TimeSpan limit) =>
        await Task.WhenAny(_process.Exited, Task.Delay(limit)).ConfigureAwait(false) == _process.Exited;

    private void Step(string name) => Record(new EventDraft(ClaudeTaskEventKind.Process, $"Stopping the agent: {name}"));
}
