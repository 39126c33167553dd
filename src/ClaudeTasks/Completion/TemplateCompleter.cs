using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>Templates by name.</summary>
internal sealed class TemplateCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) => Matching(
        request,
        (store?.GetTemplates() ?? []).Select(
            template => new Suggestion(template.Name, $"{template.Description}\n{template.Prompt.Trim()}")));
}
