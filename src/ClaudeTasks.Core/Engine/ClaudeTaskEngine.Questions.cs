using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Engine;

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

    /// <summary>What a question of Claude's own asks, one by one; an answer has a line for each.</summary>
    public static IReadOnlyList<ClaudeTaskQuestionPart> GetParts(ClaudeTaskQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return new AskUserInput(question.Input).Parts;
    }

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
        QuestionDecision.Check(question, answer);
        var isSuspended = false;
        if (question.Deadline <= DateTime.UtcNow || !_database.Write(connection =>
        {
            // As it is now: it may have been suspended since the question was read.
            var task = TaskTable.Find(connection, question.Task);
            isSuspended = task?.Task.IsSuspended == true;
            return task is not null && QuestionDecision.Make(connection, task, question, answer);
        }))
        {
            throw Closed(GetQuestion(id));
        }

        if (isSuspended)
        {
            TryResume(question.Task, host);
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

    private static ClaudeTaskException Closed(ClaudeTaskQuestion question)
    {
        var how = question.State switch
        {
            ClaudeTaskQuestionState.Allowed or ClaudeTaskQuestionState.Denied => $"was answered already at {TimeText.Moment(question.AnsweredAt ?? question.AskedAt)}",
            ClaudeTaskQuestionState.Withdrawn => "is asked no longer: its task has gone on or ended",
            _ => "was denied, as nobody had answered by its deadline",
        };
        return new ClaudeTaskException(
            ClaudeTaskErrorId.QuestionClosed, $"Question {question.Id} ({TerminalText.OneLine(question.Text, 100)}) {how}.", question.Id,
            $"Tell Claude with a message: Send-ClaudeTaskMessage {question.Task} '…'");
    }
}
