using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Engine;

/// <summary>Reads and answers the questions that agents ask, and reads and removes the standing rules.</summary>
public sealed class TaskQuestions
{
    private readonly EngineContext _context;
    private readonly TaskConversations _conversations;

    internal TaskQuestions(EngineContext context, TaskConversations conversations) => (_context, _conversations) = (context, conversations);

    /// <summary>Returns the questions that agents ask.</summary>
    /// <param name="task">Only the questions of one task; null for all tasks.</param>
    /// <param name="all">Includes the decided questions.</param>
    public IReadOnlyList<ClaudeTaskQuestion> GetAll(int? task, bool all)
    {
        _context.Recovery.Look();
        return _context.Database.Read(connection => QuestionTable.List(connection, task, all));
    }

    /// <summary>Returns the question with this number.</summary>
    /// <exception cref="ClaudeTaskException">There is none.</exception>
    public ClaudeTaskQuestion Get(int id) => _context.Database.Read(connection => QuestionTable.Find(connection, id))
        ?? throw new ClaudeTaskException(
            ClaudeTaskErrorId.QuestionNotFound, $"There is no question {id}.", id, "Get-ClaudeTaskQuestion lists those that are open.");

    /// <summary>Returns the parts of a question of Claude's own. An answer has one line per part.</summary>
    public static IReadOnlyList<ClaudeTaskQuestionPart> GetParts(ClaudeTaskQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return new AskUserInput(question.Input).Parts;
    }

    /// <summary>Says what else the rule of an answer would allow; null if its pattern is as narrow as it looks, or makes no rule.</summary>
    public static string? FindRisk(ClaudeTaskQuestion question, QuestionAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        return answer is { Remember: true, IsAllowed: true, Pattern: { } pattern } ? RuleRisk.Of(question.Tool, pattern) : null;
    }

    /// <summary>
    /// Decides a question. If two callers decide it at once, one succeeds. A suspended task that waits for it goes on.
    /// </summary>
    /// <param name="id">The question.</param>
    /// <param name="answer">The decision.</param>
    /// <param name="host">Where a suspended task goes on.</param>
    /// <param name="cancellation">Ends the call before the question is decided.</param>
    /// <exception cref="ClaudeTaskException">
    /// There is no such question, it is no longer open, or the answer does not fit it; nothing changed.
    /// </exception>
    public async Task<ClaudeTaskQuestion> AnswerAsync(int id, QuestionAnswer answer, WorkerHost host, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answer);
        cancellation.ThrowIfCancellationRequested();
        _context.Recovery.Look();
        var question = Get(id);
        UserOnly.Require(_context.Database, $"The answer to question {id}");
        QuestionDecision.Check(question, answer);
        var isSuspended = false;
        if (question.Deadline <= DateTime.UtcNow || !_context.Database.Write(connection =>
        {
            // As it is now: it may have been suspended since the question was read.
            var task = TaskTable.Find(connection, question.Task);
            isSuspended = task?.Task.IsSuspended == true;
            return task is not null && QuestionDecision.Make(connection, task, question, answer);
        }))
        {
            throw Closed(Get(id));
        }

        if (isSuspended)
        {
            await _conversations.TryResumeAsync(question.Task, host).ConfigureAwait(false);
        }

        return Get(id);
    }

    /// <summary>Returns the standing rules of a repository, or of all.</summary>
    public async Task<IReadOnlyList<ClaudeTaskRule>> GetRulesAsync(string? repository, CancellationToken cancellation)
    {
        var key = await _context.FindRepositoryKeyAsync(repository, cancellation).ConfigureAwait(false);
        return _context.Database.Read(connection => key is null
            ? RuleTable.List(connection, null)
            : RepositoryTable.Find(connection, key) is { } known ? RuleTable.List(connection, known) : []);
    }

    /// <summary>Removes a standing rule.</summary>
    /// <exception cref="ClaudeTaskException">There is none with this number.</exception>
    public void RemoveRule(int id)
    {
        UserOnly.Require(_context.Database, "The removal of a rule");
        if (!_context.Database.Write(connection => RuleTable.Remove(connection, id)))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.RuleNotFound, $"There is no rule {id}.", id, "Get-ClaudeTaskRule lists the rules there are.");
        }
    }

    private static ClaudeTaskException Closed(ClaudeTaskQuestion question)
    {
        var how = question.State switch
        {
            ClaudeTaskQuestionState.Allowed or ClaudeTaskQuestionState.Denied =>
                $"was answered already at {TimeText.Moment(question.AnsweredAt ?? question.AskedAt)}",
            ClaudeTaskQuestionState.Withdrawn => "is asked no longer: its task has gone on or ended",
            _ => "was denied, as nobody had answered by its deadline",
        };
        return new ClaudeTaskException(
            ClaudeTaskErrorId.QuestionClosed, $"Question {question.Id} ({TerminalText.OneLine(question.Text, 100)}) {how}.", question.Id,
            $"Tell Claude with a message: Send-ClaudeTaskMessage {question.Task} '…'");
    }
}
