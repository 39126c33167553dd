using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Completion;

/// <summary>The names of options, with what they do and their values.</summary>
internal sealed class OptionNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) => Matching(
        request,
        store?.GetOptions().Select(option => new Suggestion(
            $"{option.Name}", $"{option.Description}\n{option.Value ?? "not set"} ({option.Origin})"))
            ?? Enum.GetNames<ClaudeTaskOptionName>().Select(name => new Suggestion(name, "")));
}
