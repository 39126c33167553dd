using System.Diagnostics;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>
/// What one agent asks, and who decides it: a standing rule, the task's policy, the user's code, or people in any process. Each question
/// is a row; its decision is made in the store, once, and told to the agent from there. Thread-safe.
/// </summary>
internal sealed partial class RunQuestions
{
    private const string NobodyAnswered =
        "Nobody answered in time. Go on without it, or finish and say in your final answer what you could not do.";

    private readonly Database _database;
    private readonly TaskRecord _task;
    private readonly AgentSession _session;
    private readonly Action<EventDraft> _record;
    private readonly IQuestionScript? _script;
    private readonly Dictionary<int, (AgentAsk Ask, DateTime Deadline, CancellationTokenSource Over)> _open = [];
    private readonly Stopwatch _waiting = new();
    private TaskCompletionSource _changed = NewSource();

    public RunQuestions(Database database, TaskRecord task, AgentSession session, Action<EventDraft> record, IQuestionScript? script)
    {
        _database = database;
        _task = task;
        _session = session;
        _record = record;
        _script = script;
        session.Asked = Ask;
        session.AskWithdrawn = Withdraw;
    }

    /// <summary>How long the agent has waited for answers so far; that is no time of its own.</summary>
    public TimeSpan Waited
    {
        get
        {
            lock (_open)
            {
                return _waiting.Elapsed;
            }
        }
    }

    /// <summary>When the first of the open questions is denied; null while none is open.</summary>
    public DateTime? Deadline
    {
        get
        {
            lock (_open)
            {
                return _open.Count == 0 ? null : _open.Values.Min(item => item.Deadline);
            }
        }
    }

    /// <summary>Ends when a question is opened or closed.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Tells the agent what was decided meanwhile; called when the store has changed.</summary>
    public void Look()
    {
        List<int> open;
        lock (_open)
        {
            open = [.. _open.Keys];
        }

        foreach (var id in open)
        {
            if (_database.Read(connection => QuestionTable.Find(connection, id)) is { State: not ClaudeTaskQuestionState.Open } decided
                && Close(id) is { } ask)
            {
                Deliver(decided, ask);
            }
        }
    }

    /// <summary>Gives up what is open, without taking it back: whoever goes on with the task meets it again.</summary>
    public IReadOnlyList<AgentAsk> LetGo()
    {
        (_session.Asked, _session.AskWithdrawn) = (null, null);
        List<(AgentAsk Ask, DateTime Deadline, CancellationTokenSource Over)> open;
        lock (_open)
        {
            open = [.. _open.Values];
            _open.Clear();
        }

        open.ForEach(item => item.Over.Cancel());
        return [.. open.Select(item => item.Ask)];
    }

    /// <summary>Denies what nobody has answered in time.</summary>
    public void Expire()
    {
        List<int> late;
        lock (_open)
        {
            late = [.. _open.Where(item => item.Value.Deadline <= DateTime.UtcNow).Select(item => item.Key)];
        }

        foreach (var id in late)
        {
            _database.Write(connection => QuestionTable.Answer(connection, id, ClaudeTaskQuestionState.Expired, NobodyAnswered));
        }

        Look();
    }

    /// <summary>Waits for an answer. The token ends with the waiting.</summary>
    private CancellationToken OpenUp(int id, AgentAsk ask, DateTime deadline)
    {
        var over = new CancellationTokenSource();
        lock (_open)
        {
            _open[id] = (ask, deadline, over);
            _waiting.Start();
        }

        Ring();
        return over.Token;
    }

    private AgentAsk? Close(int id)
    {
        (AgentAsk Ask, DateTime Deadline, CancellationTokenSource Over) item;
        lock (_open)
        {
            // Before it is closed: whoever sees that it is may look at once how long the agent has been silent.
            _session.ResetSilence();
            if (!_open.Remove(id, out item))
            {
                return null;
            }

            if (_open.Count == 0)
            {
                _waiting.Stop();
            }
        }

        item.Over.Cancel();
        Ring();
        return item.Ask;
    }

    private void Withdraw(string requestId)
    {
        int id;
        lock (_open)
        {
            id = _open.FirstOrDefault(item => item.Value.Ask.RequestId == requestId).Key;
        }

        if (Close(id) is not null)
        {
            _database.Write(connection => QuestionTable.Answer(connection, id, ClaudeTaskQuestionState.Withdrawn, null));
        }
    }

    private void Ring() => Interlocked.Exchange(ref _changed, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
