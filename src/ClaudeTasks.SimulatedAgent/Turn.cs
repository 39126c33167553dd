using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>The answer to one user message.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An interrupt may still come for a turn that has just ended.")]
internal sealed class Turn(
    CommandLine commandLine, Output output, Messages messages, Permissions permissions, Scenario scenario, UserMessage message)
{
    private readonly CancellationTokenSource cancellation = new();
    private bool isAnnounced;
    private string? abortReason;

    public UserMessage Message => message;

    /// <summary>Says that the message has arrived, when that is before its turn.</summary>
    public void Announce()
    {
        isAnnounced = true;
        messages.Lifecycle(message, "queued");
    }

    public void Interrupt() => cancellation.Cancel();

    /// <returns>Whether the turn ended well.</returns>
    public bool Play(int index)
    {
        var started = Stopwatch.GetTimestamp();
        messages.State("running");
        if (!isAnnounced)
            messages.Lifecycle(message, "queued");
        messages.Lifecycle(message, "started");
        messages.Init(message, scenario, permissions.Mode);

        var log = new TurnLog();
        abortReason = PlaySteps(log);
        var result = new ResultLine(messages, commandLine, scenario, message, log)
        {
            AbortReason = abortReason,
            Index = index,
            DurationMs = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds,
        };
        if (!scenario.NoResult)
            result.Write();
        return !result.IsError;
    }

    /// <summary>Says that the turn is over; from here on an interrupt is not meant for it.</summary>
    public void Finish()
    {
        messages.Lifecycle(message, abortReason is null ? "completed" : "cancelled");
        if (!scenario.NoIdle)
            messages.State("idle");
    }

    /// <returns>Why the turn was cut short, or null.</returns>
    private string? PlaySteps(TurnLog log)
    {
        try
        {
            if (scenario.Steps is { } steps)
            {
                var tools = new ToolRunner(messages, permissions, log, cancellation.Token);
                new StepPlayer(commandLine, output, messages, tools, log, message, cancellation.Token).Play(steps);
            }
            return null;
        }
        catch (OperationCanceledException)
        {
            if (log.OpenTool is not { } tool)
            {
                messages.UserText("[Request interrupted by user]");
                return "aborted_streaming";
            }
            messages.ToolResult(tool, ToolOutcome.Interrupted, ToolVerdict.Interrupted);
            messages.UserText("[Request interrupted by user for tool use]");
            return "aborted_tools";
        }
    }
}
