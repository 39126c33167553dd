using ClaudeTasks.Commands;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Completion;

/// <summary>The answers that Claude offers, of the question that is named; without one, of all open ones.</summary>
internal sealed class AnswerCompleter : StoreCompleter
{
    private static readonly QuestionReferenceTransformationAttribute Reference = new();

    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request)
    {
        var ids = request.Bound(nameof(ResolveClaudeTaskQuestionCommand.Question)) is { } named
            ? (int[])Reference.Transform(null!, named)
            : null;
        var questions = (store?.GetQuestions() ?? []).Where(
            question => question.Kind == ClaudeTaskQuestionKind.Question && ids?.Contains(question.Id) != false);
        return Matching(request, questions.SelectMany(TaskQuestions.GetParts).SelectMany(part => part.Options.Select(option =>
            new Suggestion(option.Label, $"{part.Text}\n{option.Description}"))));
    }
}
