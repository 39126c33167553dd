using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Gates;

/// <summary>One run of a gate, in a process tree of its own that is ended with it, however it ends.</summary>
/// <param name="gate">The gate.</param>
/// <param name="root">The root of the task's work tree.</param>
/// <param name="task">The task.</param>
/// <param name="inherited">The variables of a CI service that the gate inherits.</param>
/// <param name="privateFolder">A folder that only the user can read.</param>
/// <param name="record">Takes every line; called on the threads that read them.</param>
internal sealed class GateRun(
    ClaudeTaskGate gate, string root, Guid task, IReadOnlyList<string>? inherited, string privateFolder, Action<EventDraft> record)
{
    /// <summary>How much of the end of the output a result keeps, in characters.</summary>
    public const int KeptOutput = 64 * 1024;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs it to its end, its time limit, or a request to stop.</summary>
    public async Task<ClaudeTaskGateResult> RunAsync(CancellationToken stop)
    {
        var (started, clock) = (DateTime.UtcNow, Stopwatch.StartNew());
        var script = Path.Combine(privateFolder, $"gate-{Guid.NewGuid()}.ps1");
        ClaudeTaskReason reason;
        int? exitCode = null;
        using var tree = ProcessTree.Create(task);
        try
        {
            using var process = ChildProcess.Start(GateCommand.Build(gate, root, task, inherited, script), tree, OnLine, OnLine);
            process.CloseInput();
            reason = await WaitAsync(process, stop).ConfigureAwait(false);
            RecordLeft(await tree.EndAllAsync(StopLimit).ConfigureAwait(false));
            if (_broken.Task.IsFaulted)
            {
                await _broken.Task.ConfigureAwait(false);
            }

            await process.WaitForOutputsAsync(StopLimit).ConfigureAwait(false);
            exitCode = process.Exited.IsCompleted ? await process.Exited.ConfigureAwait(false) : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            reason = ClaudeTaskReason.StartFailed;
            OnLine(Encoding.UTF8.GetBytes($"'{TerminalText.OneLine(gate.Command, 200)}' could not be started: {e.Message}"));
        }
        finally
        {
            File.Delete(script);
        }

        return new ClaudeTaskGateResult
        {
            Name = gate.Name,
            IsRequired = gate.IsRequired,
            Passed = reason == ClaudeTaskReason.None && exitCode == 0,
            Reason = reason,
            ExitCode = exitCode,
            StartedAt = started,
            Duration = clock.Elapsed,
            Output = Output(),
        };
    }

    private void RecordLeft(IReadOnlyList<ProcessTree.Member> left)
    {
        if (left.Count > 0)
        {
            var names = string.Join(", ", left.Take(10).Select(member => $"{member.Command} ({member.Identity.Pid})"));
            record(new EventDraft(
                ClaudeTaskEventKind.Process, $"Ended {left.Count} process(es) of gate '{gate.Name}' that were left running: {names}"));
        }
    }

    private async Task<ClaudeTaskReason> WaitAsync(ChildProcess process, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(gate.Timeout);
        try
        {
            await Task.WhenAny(process.Exited, _broken.Task).WaitAsync(limit.Token).ConfigureAwait(false);
            return ClaudeTaskReason.None;
        }
        catch (OperationCanceledException)
        {
            if (stop.IsCancellationRequested)
            {
                return ClaudeTaskReason.Stopped;
            }

            OnLine(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"It ran longer than its limit of {gate.Timeout.TotalSeconds:0.#} seconds and was ended.")));
            return ClaudeTaskReason.TimedOut;
        }
    }

    private void OnLine(ReadOnlyMemory<byte> line)
    {
        try
        {
            record(EventDraft.OfLine(ClaudeTaskEventKind.Gate, null, line.Span));
        }
        catch (Exception e)
        {
            // The gate is ended, and its output read on until then, so that it cannot hang on a full pipe.
            _broken.TrySetException(e);
        }

        lock (_output)
        {
            _output.Append(Encoding.UTF8.GetString(line.Span)).Append('\n');
            if (_output.Length > 2 * KeptOutput)
            {
                _output.Remove(0, _output.Length - KeptOutput);
            }
        }
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.Length > KeptOutput ? _output.ToString(_output.Length - KeptOutput, KeptOutput) : _output.ToString();
        }
    }
}
