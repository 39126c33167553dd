using ClaudeTasks.Execution;

namespace ClaudeTasks.Completion;

/// <summary>Claude Code's permission modes, with what they mean.</summary>
internal sealed class PermissionModeCompleter : StoreCompleter
{
    private static readonly Suggestion[] Modes =
    [
        new("acceptEdits", "Edits files in the repository without asking; asks for the rest"),
        new("auto", "Claude Code decides by itself what is safe"),
        new("bypassPermissions", "Asks for nothing: only where nothing can be harmed"),
        new("default", "Asks before it changes anything"),
        new("dontAsk", "Denies what was not allowed before, instead of asking"),
        new("manual", "Asks before it changes anything"),
        new("plan", "Reads, and makes a plan; changes nothing before it is approved"),
    ];

    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request) => Matching(request, Modes);
}
