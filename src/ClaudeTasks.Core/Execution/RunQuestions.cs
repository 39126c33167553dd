using System.Diagnostics;
using ClaudeTasks.Agent;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <summary>
/// What one agent asks, and who decides it: a standing rule, the task's policy, the user's code, or people in any process. Each question
/// is a row; its decision is made in the store, once, and told to the agent from there. Thread-safe.
/// </summary>
internal sealed class RunQuestions
{
    private const string NobodyThere = "Nobody is there to allow this. Go on without it, or finish and say in your final answer what you could not do.";
    private const string NobodyAnswered = "Nobody answered in time. Go on without it, or finish and say in your final answer what you could not do.";

    private readonly Database _database;
    private readonly TaskRecord _task;
    private readonly AgentSession _session;
    private readonly Action<EventDraft> _record;
    private readonly IQuestionScript? _script;
    private readonly Dictionary<int, (AgentAsk Ask, DateTime Deadline)> _open = [];
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
            if (_database.Read(connection => QuestionTable.Find(connection, id)) is { State: not ClaudeTaskQuestionState.Open } decided && Close(id) is { } ask)
            {
                Deliver(decided, ask);
            }
        }
    }

    /// <summary>Gives up what is open, without taking it back: whoever goes on with the task meets it again.</summary>
    public IReadOnlyList<AgentAsk> LetGo()
    {
        (_session.Asked, _session.AskWithdrawn) = (null, null);
        lock (_open)
        {
            List<AgentAsk> open = [.. _open.Values.Select(item => item.Ask)];
            _open.Clear();
            return open;
        }
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

    private void Ask(AgentAsk ask)
    {
        if (FindKept(ask) is { } kept)
        {
            // Asked before a pause: what was answered meanwhile holds, and what was not is still the same question.
            if (kept.State == ClaudeTaskQuestionState.Open)
            {
                var deadline = DateTime.UtcNow + _task.Continuation.QuestionTimeout;
                _database.Write(connection => QuestionTable.SetDeadline(connection, _task.Id, deadline));
                OpenUp(kept.Id, ask, deadline);
            }
            else
            {
                Deliver(kept, ask);
            }

            return;
        }

        var subject = ask.Kind == ClaudeTaskQuestionKind.Permission ? ToolSubject.Of(ask.Input, _task.WorkFolder) : null;
        var rules = subject is null ? [] : _database.Read(connection => RuleTable.List(connection, _task.RepositoryId));
        if (rules.Find(rule => ToolSubject.Matches(rule, ask.Tool, subject!)) is { } rule)
        {
            Decide(ask, rule.IsAllowed, rule.IsAllowed ? null : "The user never allows this here.", $"by rule {rule.Id}");
            return;
        }

        switch (_task.Continuation.OnQuestion)
        {
            case QuestionPolicy.Allow when ask.Kind != ClaudeTaskQuestionKind.Question:
                Decide(ask, true, null, "as the task allows all");
                break;
            case QuestionPolicy.Deny:
            case QuestionPolicy.Script when _script is null:
                Decide(ask, false, NobodyThere, "as nobody is there to answer");
                break;
            default:
                Put(ask);
                break;
        }
    }

    private ClaudeTaskQuestion? FindKept(AgentAsk ask) =>
        _database.Read(connection => QuestionTable.FindByCall(connection, _task.Id, ask.ToolUseId)
            ?? QuestionTable.Undelivered(connection, _task.Id).Find(question => question.Tool == ask.Tool && question.Input == ask.Input && !IsOpen(question.Id)));

    private bool IsOpen(int id)
    {
        lock (_open)
        {
            return _open.ContainsKey(id);
        }
    }

    /// <summary>A decision that needs nobody.</summary>
    private void Decide(AgentAsk ask, bool isAllowed, string? message, string why)
    {
        var question = Describe(ask) with { State = isAllowed ? ClaudeTaskQuestionState.Allowed : ClaudeTaskQuestionState.Denied, Answer = message };
        _database.Write(connection => QuestionTable.Add(connection, question, ask.ToolUseId));
        _record(new EventDraft(ClaudeTaskEventKind.Permission, $"{(isAllowed ? "Allowed" : "Denied")}, {why}: {ask.Summary}"));
        Tell(question, ask);
    }

    /// <summary>Leaves the decision to people, or to the user's code.</summary>
    private void Put(AgentAsk ask)
    {
        var deadline = DateTime.UtcNow + _task.Continuation.QuestionTimeout;
        var question = Describe(ask) with { Deadline = deadline };
        question = question with { Id = _database.Write(connection => QuestionTable.Add(connection, question, ask.ToolUseId)) };
        OpenUp(question.Id, ask, deadline);
        if (_task.Continuation is { OnQuestion: QuestionPolicy.Script, QuestionScript: { } code })
        {
            _ = Task.Run(() => DecideByScriptAsync(code, question));
            return;
        }

        var answer = question.Kind == ClaudeTaskQuestionKind.Question ? "-Answer …" : "-Allow, or -Deny";
        _record(new EventDraft(
            ClaudeTaskEventKind.Permission, $"Question {question.Id}, open until {TimeText.Moment(deadline)}: {question.Text}\nAnswer it: Resolve-ClaudeTaskQuestion {question.Id} {answer}"));
    }

    private async Task DecideByScriptAsync(string code, ClaudeTaskQuestion question)
    {
        QuestionAnswer? answer = null;
        try
        {
            using var limit = new CancellationTokenSource(_task.Continuation.QuestionTimeout);
            answer = await _script!.DecideAsync(code, question, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _record(new EventDraft(ClaudeTaskEventKind.Warning, $"The code of -OnQuestion failed on question {question.Id}, which is left to people: {e.Message}"));
        }

        if (answer is not null)
        {
            _database.Write(connection => QuestionTable.Answer(
                connection, question.Id, answer.IsAllowed ? ClaudeTaskQuestionState.Allowed : ClaudeTaskQuestionState.Denied, answer.Text));
            Look();
        }
    }

    private ClaudeTaskQuestion Describe(AgentAsk ask)
    {
        var input = ask.Kind == ClaudeTaskQuestionKind.Question ? new AskUserInput(ask.Input) : null;
        return new ClaudeTaskQuestion
        {
            Task = _task.Id,
            Kind = ask.Kind,
            Tool = ask.Tool,
            Text = input?.Describe() ?? ask.Summary,
            Options = input?.Options ?? [],
            Input = ask.Input,
            AskedAt = DateTime.UtcNow,
        };
    }

    private void Deliver(ClaudeTaskQuestion question, AgentAsk ask)
    {
        _database.Write(connection => QuestionTable.SetDelivered(connection, question.Id));
        var what = question.State switch
        {
            ClaudeTaskQuestionState.Expired => "Nobody answered in time, so it is denied",
            ClaudeTaskQuestionState.Denied => "Denied",
            _ when question.Kind == ClaudeTaskQuestionKind.Question => $"Answered ({question.Answer})",
            _ => "Allowed",
        };
        _record(new EventDraft(ClaudeTaskEventKind.Permission, $"{what}: {question.Text}"));
        Tell(question, ask);
    }

    private void Tell(ClaudeTaskQuestion question, AgentAsk ask)
    {
        if (question.State != ClaudeTaskQuestionState.Allowed)
        {
            _session.Deny(ask, question.Answer is { Length: > 0 } message ? message : "The user does not allow this.");
        }
        else if (question.Kind == ClaudeTaskQuestionKind.Question)
        {
            var input = new AskUserInput(ask.Input);
            _session.Allow(ask, input.With(input.Count > 1 ? (question.Answer ?? "").Split('\n') : [question.Answer ?? ""]));
        }
        else
        {
            _session.Allow(ask, null);
        }
    }

    private void OpenUp(int id, AgentAsk ask, DateTime deadline)
    {
        lock (_open)
        {
            _open[id] = (ask, deadline);
            _waiting.Start();
        }

        Ring();
    }

    private AgentAsk? Close(int id)
    {
        AgentAsk ask;
        lock (_open)
        {
            if (!_open.Remove(id, out var item))
            {
                return null;
            }

            ask = item.Ask;
            if (_open.Count == 0)
            {
                _waiting.Stop();
            }
        }

        Ring();
        return ask;
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
