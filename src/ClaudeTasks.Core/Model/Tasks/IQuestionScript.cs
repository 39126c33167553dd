
namespace ClaudeTasks.Model;

/// <summary>Runs the user's own code that decides questions. Implemented by hosts that have a language for it.</summary>
public interface IQuestionScript
{
    /// <summary>Decides a question. Called on any thread; several may be decided at once.</summary>
    /// <param name="code">The user's code.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellation">Cancelled when the answer would come too late.</param>
    /// <returns>The answer; null leaves the question to people.</returns>
    Task<QuestionAnswer?> DecideAsync(string code, ClaudeTaskQuestion question, CancellationToken cancellation);
}
