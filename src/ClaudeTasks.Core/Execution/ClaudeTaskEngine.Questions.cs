using ClaudeTasks.Agent;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Execution;

/// <content>What Claude asks, who answers, and the rules that are made of it.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>What agents ask.</summary>
    /// <param name="task">Only what one task asks.</param>
    /// <param name="all">What was decided, too.</param>
    public IReadOnlyList<ClaudeTaskQuestion> GetQuestions(int? task = null, bool all = false)
    {
        RecoverLostTasks();
        return _database.Read(connection => QuestionTable.List(connection, task, all));
    }

    /// <summary>The question with this number.</summary>
    /// <exception cref="ClaudeTaskException">There is none.</exception>
    public ClaudeTaskQuestion GetQuestion(int id) => _database.Read(connection => QuestionTable.Find(connection, id))
        ?? throw new ClaudeTaskException(ClaudeTaskErrorId.QuestionNotFound, $"There is no question {id}.", id, "Get-ClaudeTaskQuestion lists those that are open.");

    /// <summary>
    /// Decides a question. Of two that decide it at once, one does. A suspended task that waits for it goes on.
    /// </summary>
    /// <param name="id">The question.</param>
    /// <param name="answer">The decision.</param>
    /// <param name="host">Where a suspended task goes on.</param>
    /// <exception cref="ClaudeTaskException">There is no such question, it is open no more, or the answer does not fit it; nothing changed.</exception>
    public ClaudeTaskQuestion Answer(int id, QuestionAnswer answer, WorkerHost host)
    {
        ArgumentNullException.ThrowIfNull(answer);
        RecoverLostTasks();
        var question = GetQuestion(id);
        CheckAnswer(question, answer);
        var task = Find(question.Task);
        var state = answer.IsAllowed ? ClaudeTaskQuestionState.Allowed : ClaudeTaskQuestionState.Denied;
        if (question.Deadline <= DateTime.UtcNow || !_database.Write(connection => Decide(connection, task, question, state, answer)))
        {
            throw Closed(GetQuestion(id));
        }

        if (task.Task.IsSuspended && task.Task.Reason == ClaudeTaskReason.Suspended)
        {
            Resume(task.Id, host);
        }

        return GetQuestion(id);
    }

    /// <summary>The standing rules of a repository, or of all.</summary>
    public IReadOnlyList<ClaudeTaskRule> GetRules(string? repository)
    {
        var key = FindRepositoryKey(new TaskQuery { Repository = repository });
        return _database.Read(connection => key is null
            ? RuleTable.List(connection, null)
            : RepositoryTable.Find(connection, key) is { } known ? RuleTable.List(connection, known) : []);
    }

    /// <summary>Removes a standing rule.</summary>
    /// <exception cref="ClaudeTaskException">There is none with this number.</exception>
    public void RemoveRule(int id)
    {
        if (!_database.Write(connection => RuleTable.Remove(connection, id)))
        {
            throw new ClaudeTaskException(ClaudeTaskErrorId.RuleNotFound, $"There is no rule {id}.", id, "Get-ClaudeTaskRule lists the rules there are.");
        }
    }

    private static bool Decide(
        SqliteConnection connection, TaskRecord task, ClaudeTaskQuestion question, ClaudeTaskQuestionState state, QuestionAnswer answer)
    {
        if (!QuestionTable.Answer(connection, question.Id, state, answer.Text))
        {
            return false;
        }

        if (answer.Remember)
        {
            RuleTable.Save(connection, task.RepositoryId, new ClaudeTaskRule
            {
                Repository = task.Task.Repository,
                Tool = question.Tool,
                Pattern = answer.Pattern ?? ToolSubject.Of(question.Input, task.WorkFolder),
                IsAllowed = answer.IsAllowed,
            });
        }

        if (task.Task.IsSuspended && question.Kind != ClaudeTaskQuestionKind.Question)
        {
            var decision = answer.IsAllowed ? "is allowed now: do it" : $"is not allowed: {answer.Text ?? "go on without it"}";
            TaskTable.Set(connection, task.Id, ("opening", $"You were paused, and go on now. What you asked for before ({question.Text}) {decision}. Go on with the task."));
        }

        return true;
    }

    private static void CheckAnswer(ClaudeTaskQuestion question, QuestionAnswer answer)
    {
        var problem = question.Kind switch
        {
            ClaudeTaskQuestionKind.Question when answer is { IsAllowed: true, Text: null or "" } => ("needs an answer", "Give -Answer, or -Deny to leave it unanswered."),
            ClaudeTaskQuestionKind.Question when answer.Remember => ("is no permission that could be remembered", "Leave -Remember out."),
            ClaudeTaskQuestionKind.Permission or ClaudeTaskQuestionKind.Plan when answer is { IsAllowed: true, Text: not null } =>
                ("asks for permission, not for an answer", "Give -Allow, or -Deny -Message '…'."),
            _ => default((string, string)?),
        };
        if (problem is var (what, fix))
        {
            throw new ClaudeTaskException(ClaudeTaskErrorId.InvalidArgument, $"Question {question.Id} ({question.Text}) {what}.", question.Id, fix);
        }

        if (question.Kind == ClaudeTaskQuestionKind.Question && answer.IsAllowed && new AskUserInput(question.Input).Count is var count
            && count > 1 && answer.Text!.Split('\n').Length != count)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument, $"Question {question.Id} asks {count} things; give {count} answers.", question.Id, "Give them in order: -Answer 'first', 'second'");
        }
    }

    private static ClaudeTaskException Closed(ClaudeTaskQuestion question)
    {
        var how = question.State switch
        {
            ClaudeTaskQuestionState.Allowed or ClaudeTaskQuestionState.Denied => $"was answered already at {TimeText.Moment(question.AnsweredAt ?? question.AskedAt)}",
            ClaudeTaskQuestionState.Withdrawn => "is asked no longer: its task has gone on or ended",
            _ => "was denied, as nobody had answered by its deadline",
        };
        return new ClaudeTaskException(
            ClaudeTaskErrorId.QuestionClosed, $"Question {question.Id} ({question.Text}) {how}.", question.Id,
            $"Tell Claude with a message: Send-ClaudeTaskMessage {question.Task} '…'");
    }
}
