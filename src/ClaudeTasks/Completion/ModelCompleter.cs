using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>The models of the newest tasks, and the names that Claude Code knows for the newest of a kind.</summary>
internal sealed class ModelCompleter : StoreCompleter
{
    private static readonly Suggestion[] Aliases =
    [
        new("default", "The model of your account"),
        new("opus", "The newest Opus"),
        new("sonnet", "The newest Sonnet"),
        new("haiku", "The newest Haiku"),
        new("opusplan", "Opus while it plans, Sonnet while it works"),
    ];

    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) =>
        Matching(request, Aliases.Concat((store?.GetModels() ?? []).Select(model => new Suggestion(model, "A model of your tasks"))));
}
