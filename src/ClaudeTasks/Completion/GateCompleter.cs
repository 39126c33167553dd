using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>Gates by name; those that would run in -Repository where it is given.</summary>
internal sealed class GateCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) => Matching(
        request,
        (store?.GetGates() ?? []).Select(gate => new Suggestion(
            gate.Name, $"{(gate.IsRequired ? "Required" : "Optional")}, in {gate.Repository ?? "all repositories"}\n{gate.CommandText}")));
}
