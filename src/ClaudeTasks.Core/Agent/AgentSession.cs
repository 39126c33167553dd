using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ClaudeTasks.Processes;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Agent;

/// <summary>
/// One agent process and the conversation with it. Every line it prints is recorded before it is acted on. Lines are handled on the
/// thread that reads them; everything else may be called from any thread.
/// </summary>
internal sealed class AgentSession : IDisposable
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepGrace = TimeSpan.FromSeconds(2);
    private const int KeptErrorCharacters = 8 * 1024;

    private readonly Action<EventDraft> _record;
    private readonly MessageReader _reader;
    private readonly ProcessTree _tree;
    private readonly ChildProcess _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<AgentMessage.ControlAnswer> _initialized = NewSource<AgentMessage.ControlAnswer>();
    private readonly TaskCompletionSource _turnOver = NewSource();
    private readonly TaskCompletionSource _resultSeen = NewSource();
    private readonly TaskCompletionSource<Exception> _broken = NewSource<Exception>();
    private long _lastOutput = Stopwatch.GetTimestamp();

    private AgentSession(string folder, ProcessTree tree, ProcessStartInfo start, Action<EventDraft> record)
    {
        _record = record;
        _reader = new MessageReader(folder);
        _tree = tree;
        _process = ChildProcess.Start(start, tree, OnOutput, OnError);
        TurnOver = Task.WhenAny(_turnOver.Task, _process.Exited, _broken.Task);
    }

    /// <summary>The process, by which a later worker can find what is left of it.</summary>
    public ProcessIdentity Identity => _process.Identity;

    public AgentResult? LastResult { get; private set; }

    public bool IsIdle { get; private set; }

    /// <summary>The model that works on the prompt, once the agent said so.</summary>
    public string? Model { get; private set; }

    /// <summary>Ends when the turn is over (the idle signal after a result), the process is gone, or its output cannot be recorded.</summary>
    public Task TurnOver { get; }

    public int? ExitCode => _process.Exited.IsCompletedSuccessfully ? _process.Exited.Result : null;

    /// <summary>Why the agent's output could not be recorded any more; null while it can.</summary>
    public Exception? Failure => _broken.Task.IsCompleted ? _broken.Task.Result : null;

    /// <summary>How long the agent has printed nothing.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastOutput));

    /// <summary>The end of what the agent wrote to its standard error.</summary>
    public string ErrorTail
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString().Trim();
            }
        }
    }

    /// <summary>Starts the agent.</summary>
    /// <exception cref="ClaudeTaskException">The program cannot be started.</exception>
    public static AgentSession Start(AgentStart agent, Action<EventDraft> record)
    {
        var tree = ProcessTree.Create(agent.Task);
        try
        {
            return new AgentSession(agent.Folder, tree, AgentCommand.Build(agent), record);
        }
        catch (Win32Exception e)
        {
            tree.Dispose();
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument,
                $"Claude Code at '{agent.Program}' could not be started: {e.Message}.",
                agent.Program,
                "Check that the file is a program for this machine and that you may execute it. " + AgentLocator.InstallHint,
                e);
        }
    }

    /// <summary>
    /// Makes the first exchange, which proves that the agent lives and tells who is logged in. Null when the agent went away, refused,
    /// or did not answer within the limit.
    /// </summary>
    public async Task<AgentAccount?> InitializeAsync(TimeSpan limit, CancellationToken cancellation)
    {
        Send(ControlMessages.Initialize());
        await Task.WhenAny(_initialized.Task, _process.Exited, _broken.Task, Task.Delay(limit, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return _initialized.Task.IsCompletedSuccessfully && _initialized.Task.Result is { IsSuccess: true } answer
            ? answer.Account ?? new AgentAccount(null, null, null, "unknown")
            : null;
    }

    public void SendPrompt(string prompt, Guid message) => Send(ControlMessages.Prompt(prompt, message));

    /// <summary>Ends an agent whose turn is over: end of input, and if it stays, the rest of the stop sequence.</summary>
    public async Task FinishAsync()
    {
        _process.CloseInput();
        if (!await ExitsWithinAsync(StepLimit).ConfigureAwait(false))
        {
            Record(new EventDraft(ClaudeTaskEventKind.Warning, "The agent did not end with its input; asking it to end."));
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

    public void Dispose()
    {
        _process.Dispose();
        _tree.Dispose();
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
            Record(new EventDraft(ClaudeTaskEventKind.Warning, "Something that is not the agent's holds its output open; the rest of it is not read."));
        }
    }

    private async Task<bool> ExitsWithinAsync(TimeSpan limit) =>
        await Task.WhenAny(_process.Exited, Task.Delay(limit)).ConfigureAwait(false) == _process.Exited;

    private void Step(string name) => Record(new EventDraft(ClaudeTaskEventKind.Process, $"Stopping the agent: {name}"));

    private void Send(byte[] line) => _process.Write(line);

    private void OnOutput(byte[] line)
    {
        Interlocked.Exchange(ref _lastOutput, Stopwatch.GetTimestamp());
        var (draft, message) = _reader.Read(line);
        Record(draft);
        switch (message)
        {
            case AgentMessage.ControlAnswer { RequestId: ControlMessages.InitializeId } answer:
                _initialized.TrySetResult(answer);
                break;
            case AgentMessage.TurnStarted turn:
                IsIdle = false;
                Model = turn.Model ?? Model;
                break;
            case AgentMessage.PermissionRequest request:
                Record(new EventDraft(ClaudeTaskEventKind.Permission, $"Denied, as nobody is there to answer: {request.Summary}"));
                Send(ControlMessages.Deny(request.RequestId));
                break;
            case AgentMessage.UnknownRequest request:
                Send(ControlMessages.Refuse(request.RequestId, request.Subtype));
                break;
            case AgentMessage.TurnEnded turn:
                LastResult = turn.Result;
                _resultSeen.TrySetResult();
                break;
            case AgentMessage.Idle when LastResult is not null:
                IsIdle = true;
                _turnOver.TrySetResult();
                break;
        }
    }

    private void OnError(byte[] line)
    {
        Interlocked.Exchange(ref _lastOutput, Stopwatch.GetTimestamp());
        lock (_errors)
        {
            _errors.Append(Encoding.UTF8.GetString(line)).Append('\n');
            if (_errors.Length > KeptErrorCharacters)
            {
                _errors.Remove(0, _errors.Length - KeptErrorCharacters);
            }
        }

        Record(new EventDraft(ClaudeTaskEventKind.StandardError, null, line));
    }

    /// <summary>Records a line. Where that fails the run is over, but the agent's output is read on, so that its end is not held up.</summary>
    private void Record(EventDraft draft)
    {
        try
        {
            _record(draft);
        }
        catch (Exception e)
        {
            _broken.TrySetResult(e);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
