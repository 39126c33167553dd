using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using ClaudeTasks.Text;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Running;

/// <summary>
/// What decides a question, whoever gave it: a person in any process, or the user's code. It must fit, and it is made once.
/// </summary>
internal static class QuestionDecision
{
    /// <exception cref="ClaudeTaskException">The answer does not fit the question.</exception>
    public static void Check(ClaudeTaskQuestion question, QuestionAnswer answer)
    {
        var isQuestion = question.Kind == ClaudeTaskQuestionKind.Question;
        if (question.Kind != ClaudeTaskQuestionKind.Permission && answer.Remember)
        {
            throw Unfit("is no permission that could be remembered", "Leave -Remember out.");
        }

        if (answer is { Remember: true, IsAllowed: true } && !question.CanRemember)
        {
            throw Unfit(
                question.Reason is { } reason ? $"is a safety check ({TerminalText.OneLine(reason, 200)})" : "needs a decision each time",
                "Allow it once, without -Remember.");
        }

        if (isQuestion && answer is { IsAllowed: true, Text: null or "" })
        {
            throw Unfit("needs an answer", "Give -Answer, or -Deny to leave it unanswered.");
        }

        if (!isQuestion && answer is { IsAllowed: true, Text: not null })
        {
            throw Unfit("asks for permission, not for an answer", "Give -Allow, or -Deny -Message '…'.");
        }

        if (isQuestion
            && answer.IsAllowed
            && new AskUserInput(question.Input).Parts.Count is > 1 and var count
            && answer.Text!.Split('\n').Length != count)
        {
            throw Unfit($"asks {count} things and needs {count} answers", "Give them in order: -Answer 'first', 'second'");
        }

        ClaudeTaskException Unfit(string what, string fix) =>
            new(
                ClaudeTaskErrorId.InvalidArgument,
                $"Question {question.Id} ({TerminalText.OneLine(question.Text, 100)}) {what}.",
                question.Id,
                fix);
    }

    /// <summary>The rule that an answer makes: about a pattern, or about exactly what was asked.</summary>
    private static ClaudeTaskRule RuleOf(TaskRecord task, ClaudeTaskQuestion question, QuestionAnswer answer)
    {
        var use = ToolUse.Of(question.Tool, question.Input, task.WorkFolder);
        return new ClaudeTaskRule
        {
            Repository = task.Task.Repository,
            Tool = question.Tool,
            Pattern = answer.Pattern ?? (answer.IsAllowed ? use.RealSubject! : use.Subject),
            IsLiteral = answer.Pattern is null,
            IsAllowed = answer.IsAllowed,
            CreatedBy = Caller.Name,
        };
    }

    /// <summary>Makes the decision, and the rule that it shall be. False when the question is open no more.</summary>
    public static bool Make(SqliteConnection connection, TaskRecord task, ClaudeTaskQuestion question, QuestionAnswer answer)
    {
        var state = answer.IsAllowed ? ClaudeTaskQuestionState.Allowed : ClaudeTaskQuestionState.Denied;
        if (!QuestionTable.Answer(connection, question.Id, state, answer.Text, Caller.Name))
        {
            return false;
        }

        if (answer.Remember)
        {
            RuleTable.Save(connection, task.RepositoryId, RuleOf(task, question, answer));
        }

        if (task.Task.IsSuspended && question.Kind != ClaudeTaskQuestionKind.Question)
        {
            var decision = answer.IsAllowed ? "is allowed now: do it" : $"is not allowed: {answer.Text ?? "go on without it"}";
            TaskTable.Set(
                connection,
                task.Id,
                ("opening",
                    $"You were paused, and go on now. What you asked for before ({question.Text}) {decision}. Go on with the task."));
        }

        return true;
    }
}
