using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <content>Who decides what is asked, and how the agent is told.</content>
internal sealed partial class RunQuestions
{
    private const int LongestLine = 200;
    private const string OutsideSandbox = "It is to run outside Claude Code's sandbox.";
    private const string NobodyThere =
        "Nobody is there to allow this. Go on without it, or finish and say in your final answer what you could not do.";

    private void Ask(AgentAsk ask)
    {
        if (FindKept(ask) is { } kept)
        {
            // Asked before a pause: what was answered meanwhile holds, and what was not is still the same question.
            if (kept.State == ClaudeTaskQuestionState.Open)
            {
                Put(ask, kept);
            }
            else
            {
                Deliver(kept, ask);
            }

            return;
        }

        if (FindRule(ask) is { } rule)
        {
            Decide(ask, rule.IsAllowed, rule.IsAllowed ? null : "The user never allows this here.", $"by rule {rule.Id}");
            return;
        }

        switch (_task.Settings.OnQuestion)
        {
            case QuestionPolicy.Allow when ask.Kind != ClaudeTaskQuestionKind.Question:
                Decide(ask, true, null, "as the task allows all");
                break;
            case QuestionPolicy.Deny:
            case QuestionPolicy.Script when _script is null:
                Decide(ask, false, NobodyThere, "as nobody is there to answer");
                break;
            default:
                Put(ask, null);
                break;
        }
    }

    /// <summary>The rule that decides; a denial wins. No rule allows what Claude Code wants a person to decide.</summary>
    private ClaudeTaskRule? FindRule(AgentAsk ask)
    {
        if (ask.Kind != ClaudeTaskQuestionKind.Permission)
        {
            return null;
        }

        var use = ToolUse.Of(ask.Tool, ask.Input, _task.WorkFolder);
        return _database.Read(connection => RuleTable.List(connection, _task.RepositoryId))
            .Find(rule => !(rule.IsAllowed && ask.IsSafetyCheck) && RuleMatch.Decides(rule, use));
    }

    /// <summary>The same question from before a pause. An answer holds for the same tool with the same input only.</summary>
    private ClaudeTaskQuestion? FindKept(AgentAsk ask)
    {
        return _database.Read(connection => QuestionTable.FindByCall(connection, _task.Id, ask.ToolUseId) is { } kept && IsSame(kept)
            ? kept
            : QuestionTable.Undelivered(connection, _task.Id).Find(question => IsSame(question) && !IsOpen(question.Id)));

        bool IsSame(ClaudeTaskQuestion question) => question.Tool == ask.Tool && question.Input == ask.Input;
    }

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
        var question = Describe(ask) with
        {
            State = isAllowed ? ClaudeTaskQuestionState.Allowed : ClaudeTaskQuestionState.Denied,
            Answer = message
        };
        _database.Write(connection => QuestionTable.Add(connection, question, ask.ToolUseId));
        _record(new EventDraft(
            ClaudeTaskEventKind.Permission, $"{(isAllowed ? "Allowed" : "Denied")}, {why}: {TerminalText.OneLine(ask.Text, LongestLine)}"));
        Tell(question, ask);
    }

    /// <summary>Leaves the decision to people, or to the user's code; until the deadline, which is a new one after a pause.</summary>
    private void Put(AgentAsk ask, ClaudeTaskQuestion? kept)
    {
        var question = (kept ?? Describe(ask)) with { Deadline = DateTime.UtcNow + _task.Settings.QuestionTimeout!.Value };
        var deadline = question.Deadline.Value;
        if (kept is null)
        {
            question = question with { Id = _database.Write(connection => QuestionTable.Add(connection, question, ask.ToolUseId)) };
        }
        else
        {
            _database.Write(connection => QuestionTable.SetDeadline(connection, _task.Id, deadline));
        }

        var over = OpenUp(question.Id, ask, deadline);
        if (_task.Settings is { OnQuestion: QuestionPolicy.Script, QuestionScript: { } code })
        {
            _ = Task.Run(() => DecideByScriptAsync(code, question, over), CancellationToken.None);
        }
        else
        {
            TellPeople(question);
        }
    }

    private void TellPeople(ClaudeTaskQuestion question)
    {
        var answer = question.Kind == ClaudeTaskQuestionKind.Question ? "-Answer …" : "-Allow, or -Deny";
        _record(new EventDraft(
            ClaudeTaskEventKind.Permission,
            $"Question {question.Id}, open until {TimeText.Moment(question.Deadline!.Value)}: {question.Text}\n"
                + (question.Target is { } target ? $"Links lead to: {TerminalText.OneLine(target, LongestLine)}\n" : "")
                + (question.Reason is { } reason ? $"Reason: {TerminalText.OneLine(reason, LongestLine)}\n" : "")
                + $"Answer it: Resolve-ClaudeTaskQuestion {question.Id} {answer}"));
    }

    /// <summary>Code that gives no answer that fits leaves the question to people, who may be quicker anyway.</summary>
    private async Task DecideByScriptAsync(string code, ClaudeTaskQuestion question, CancellationToken over)
    {
        QuestionAnswer? answer = null;
        try
        {
            answer = await _script!.DecideAsync(code, question, over).ConfigureAwait(false);
            if (answer is not null)
            {
                QuestionDecision.Check(question, answer);
                _database.Write(connection => QuestionDecision.Make(connection, _task, question, answer));
                Look();
            }
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            answer = null;
            _record(new EventDraft(
                ClaudeTaskEventKind.Warning,
                $"The code of -OnQuestion failed on question {question.Id}, which is left to people: {e.Message}"));
        }

        if (answer is null && !over.IsCancellationRequested)
        {
            TellPeople(question);
        }
    }

    private ClaudeTaskQuestion Describe(AgentAsk ask)
    {
        var input = ask.Kind == ClaudeTaskQuestionKind.Question ? new AskUserInput(ask.Input) : null;
        var use = ask.Kind == ClaudeTaskQuestionKind.Permission ? ToolUse.Of(ask.Tool, ask.Input, _task.WorkFolder) : null;
        return new ClaudeTaskQuestion
        {
            Task = _task.Id,
            Kind = ask.Kind,
            Tool = ask.Tool,
            Text = input?.Describe() ?? ask.Text,
            Options = input?.Options ?? [],
            Input = ask.Input,
            Reason = use?.LeavesSandbox == true ? $"{OutsideSandbox} {ask.Reason}".TrimEnd() : ask.Reason,
            Target = use is { Kind: ToolSubjectKind.Path } && use.RealSubject != use.Subject ? use.RealSubject : null,
            CanRemember = use?.CanBeAllowedByRule == true && !ask.IsSafetyCheck,
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
            _ when question.Kind == ClaudeTaskQuestionKind.Question =>
                $"Answered ({question.Answer?.Replace("\n", "; ", StringComparison.Ordinal)})",
            _ => "Allowed",
        };
        _record(new EventDraft(ClaudeTaskEventKind.Permission, $"{what}: {TerminalText.OneLine(question.Text, LongestLine)}"));
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
            _session.Allow(ask, new AskUserInput(ask.Input).With(question.Answer ?? ""));
        }
        else
        {
            _session.Allow(ask, null);
        }
    }
}
