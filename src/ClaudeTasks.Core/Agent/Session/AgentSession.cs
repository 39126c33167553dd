using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Agent;

/// <summary>
/// One agent process and the conversation with it. Every line it prints is recorded before it is acted on. Lines are handled on the
/// thread that reads them; everything else may be called from any thread.
/// </summary>
internal sealed partial class AgentSession : IDisposable
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(5);
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
    private readonly TaskCompletionSource _usageSeen = NewSource();
    private readonly bool _resumes;
    private readonly string? _instructions;
    private readonly SpokenMessages _said = new();
    private readonly HashSet<string> _failedServers = new(StringComparer.Ordinal);
    private bool _hangsAfterTurn;
    private AgentUsage _usageAtStart;
    private AgentUsage _usage;
    private long _lastOutput = Stopwatch.GetTimestamp();

    private AgentSession(AgentStart agent, ProcessTree tree, ProcessStartInfo start, Action<EventDraft> record)
    {
        _record = record;
        _resumes = agent.Resumes;
        _instructions = AgentCommand.InstructionsOf(agent);
        _reader = new MessageReader(agent.Folder);
        _tree = tree;
        _process = ChildProcess.Start(start, tree, OnOutput, OnError);
        TurnOver = Task.WhenAny(_turnOver.Task, _process.Exited, _broken.Task);
    }

    /// <summary>The process, by which a later worker can find what is left of it.</summary>
    public ProcessIdentity Identity => _process.Identity;

    /// <summary>Called when the agent asks something, on the thread that reads its lines. Without it everything is denied.</summary>
    public Action<AgentAsk>? Asked { get; set; }

    /// <summary>Called when it asks that no longer.</summary>
    public Action<string>? AskWithdrawn { get; set; }

    public AgentResult? LastResult { get; private set; }

    /// <summary>Whether the model has begun to work, so that there is a conversation to resume.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Set where the account's usage limit stopped it; when that is reset, where the agent said so.</summary>
    public (bool IsReached, DateTime? ResetsAt) Limit { get; private set; }

    /// <summary>Whether it did its work, once it has ended.</summary>
    public AgentVerdict Verdict =>
        AgentVerdict.Of(LastResult, IsIdle, _hangsAfterTurn ? 0 : ExitCode, ErrorTail) is var verdict
            && Limit.IsReached
            && verdict.Reason == ClaudeTaskReason.ApiError
                ? new AgentVerdict(ClaudeTaskReason.UsageLimit, verdict.Text, GoesOnAt: Limit.ResetsAt)
                : verdict;

    /// <summary>What this process has used, as far as it has said.</summary>
    public AgentUsage Usage => _usage.Since(_usageAtStart);

    /// <summary>The messages of ours that it has not begun with.</summary>
    public IReadOnlyList<string> Unheard => _said.Unheard;

    public bool IsIdle { get; private set; }

    /// <summary>The model that works on the prompt, once the agent said so.</summary>
    public string? Model { get; private set; }

    /// <summary>
    /// Ends when the turn is over (the idle signal after a result), the process is gone, or its output cannot be recorded.
    /// </summary>
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
            return new AgentSession(agent, tree, AgentCommand.Build(agent), record);
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
        Send(ControlMessages.Initialize(_instructions));
        await Task.WhenAny(_initialized.Task, _process.Exited, _broken.Task, Task.Delay(limit, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (!_initialized.Task.IsCompletedSuccessfully || _initialized.Task.Result is not { IsSuccess: true } answer)
        {
            return null;
        }

        if (_resumes)
        {
            AskUsage();
            await Task.WhenAny(_usageSeen.Task, _process.Exited, Task.Delay(StepLimit, cancellation)).ConfigureAwait(false);
            _usageAtStart = _usage;
        }

        return answer.Account ?? new AgentAccount(null, null, "unknown");
    }

    /// <summary>Says something to the agent. False when its last turn is over: then it must be said to another one.</summary>
    public bool TrySay(string text, Guid message) => _said.TrySay(message.ToString(), () => Send(ControlMessages.Prompt(text, message)));

    public void Allow(AgentAsk ask, string? input) => Send(ControlMessages.Allow(ask, input));

    public void Deny(AgentAsk ask, string message) => Send(ControlMessages.Deny(ask, message));

    /// <summary>An agent that waited for an answer was not silent; its silence counts from here.</summary>
    public void ResetSilence() => Interlocked.Exchange(ref _lastOutput, Stopwatch.GetTimestamp());

    /// <summary>Asks what it has used; the answer comes as a line of its own.</summary>
    public void AskUsage() => Send(ControlMessages.Usage());

    public void Dispose()
    {
        _process.Dispose();
        _tree.Dispose();
    }

    /// <summary>Every turn tells the servers again.</summary>
    private void WarnOfServers(IReadOnlyList<string> failed)
    {
        var added = failed.Where(_failedServers.Add).ToList();
        if (added.Count > 0)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Warning, $"Claude Code works without these MCP servers: {NameList.Of(added)}"));
        }
    }

    private void Send(byte[] line) => _process.Write(line);

    private void OnOutput(ReadOnlyMemory<byte> line)
    {
        ResetSilence();
        var (draft, message) = _reader.Read(line);
        Record(draft);
        switch (message)
        {
            case AgentMessage.ControlAnswer { RequestId: ControlMessages.InitializeId } answer:
                _initialized.TrySetResult(answer);
                break;
            case AgentMessage.ControlAnswer { RequestId: ControlMessages.UsageId } answer:
                _usage = answer.Usage ?? _usage;
                _usageSeen.TrySetResult();
                break;
            case AgentMessage.TurnStarted turn:
                IsIdle = false;
                HasBegun = true;
                Model = turn.Model ?? Model;
                WarnOfServers(turn.FailedServers);
                break;
            case AgentMessage.Asked { Ask: var ask } when Asked is { } asked:
                Guard(asked, ask);
                break;
            case AgentMessage.Asked { Ask: var ask }:
                Deny(ask, "Nobody is there to answer.");
                break;
            case AgentMessage.AskWithdrawn ask:
                Guard(id => AskWithdrawn?.Invoke(id), ask.RequestId);
                break;
            case AgentMessage.UnknownRequest request:
                Send(ControlMessages.Refuse(request.RequestId, request.Subtype));
                break;
            case AgentMessage.LimitReached limit:
                Limit = (true, limit.ResetsAt);
                break;
            case AgentMessage.MessageBegun begun:
                _said.Begin(begun.Uuid);
                break;
            case AgentMessage.MessageDone done:
                _said.End(done.Uuid, done.IsCancelled);
                break;
            case AgentMessage.TurnEnded turn:
                LastResult = turn.Result;
                _usage = turn.Result.Usage;
                _said.SetAnswered(turn.Result.Messages);
                _resultSeen.TrySetResult();
                break;
            case AgentMessage.Idle when LastResult is not null:
                IsIdle = true;
                if (_said.TryEnd())
                {
                    _turnOver.TrySetResult();
                }

                break;
        }
    }

    private void OnError(ReadOnlyMemory<byte> line)
    {
        ResetSilence();
        lock (_errors)
        {
            _errors.Append(Encoding.UTF8.GetString(line.Span)).Append('\n');
            if (_errors.Length > KeptErrorCharacters)
            {
                _errors.Remove(0, _errors.Length - KeptErrorCharacters);
            }
        }

        Record(EventDraft.OfLine(ClaudeTaskEventKind.StandardError, null, line.Span));
    }

    private void Record(EventDraft draft) => Guard(_record, draft);

    /// <summary>Where the store fails the run is over, but the agent's output is read on, so that its end is not held up.</summary>
    private void Guard<T>(Action<T> action, T argument)
    {
        try
        {
            action(argument);
        }
        catch (Exception e)
        {
            _broken.TrySetResult(e);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
