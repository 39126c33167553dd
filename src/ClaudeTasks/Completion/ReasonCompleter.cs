using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>The reasons that were given before, newest first.</summary>
internal sealed class ReasonCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) =>
        Matching(request, (store?.GetReasons() ?? []).Select(reason => new Suggestion(reason, "A reason you gave before")));
}
