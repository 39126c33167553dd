using System.Globalization;
using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>The numbers of the questions that wait for an answer, newest first.</summary>
internal sealed class QuestionCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) =>
        (store?.GetQuestions() ?? []).Reverse()
            .Select(question => new Suggestion(
                question.Id.ToString(CultureInfo.InvariantCulture),
                $"{question.Kind} of task {question.Task}: {question.Tool}\n{question.Text}",
                $"{question.Id}  {question.Text}"))
            .Where(suggestion => suggestion.Value.StartsWith(request.Word.Text, StringComparison.Ordinal));
}
