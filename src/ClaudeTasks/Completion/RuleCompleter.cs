using System.Globalization;
using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>The numbers of standing rules, newest first.</summary>
internal sealed class RuleCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) =>
        (store?.GetRules() ?? []).OrderByDescending(rule => rule.Id)
            .Select(rule => new Suggestion(
                rule.Id.ToString(CultureInfo.InvariantCulture),
                $"{(rule.IsAllowed ? "Allows" : "Denies")} {rule.Tool} in {rule.Repository}\n{rule.Pattern}",
                $"{rule.Id}  {rule.Tool}: {rule.Pattern}"))
            .Where(suggestion => suggestion.Value.StartsWith(request.Word.Text, StringComparison.Ordinal));
}
