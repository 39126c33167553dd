using System.Globalization;
using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>The value that an option has now, to be changed.</summary>
internal sealed class OptionValueCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) => Matching(
        request,
        (store?.GetOptions() ?? []).Where(option => option.Value is not null && $"{option.Name}" == request.Parameter).Select(option =>
            new Suggestion(
                Convert.ToString(option.Value, CultureInfo.InvariantCulture)!, $"{option.Description}\nIts value now ({option.Origin})")));
}
