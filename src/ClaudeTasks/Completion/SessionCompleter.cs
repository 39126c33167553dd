using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Views;

namespace ClaudeTasks.Completion;

/// <summary>Sessions by name, newest first; those of -Repository where it is given.</summary>
internal sealed class SessionCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request)
    {
        if (store is null)
        {
            return [];
        }

        var found = store.FindSessions(request.Word.Begins, Most);
        found = found.Count > 0 ? found : store.FindSessions(request.Word.IsIn, Most);
        return found.GroupBy(session => session.Name).Select(same => new Suggestion(same.Key, string.Join('\n', same.Select(Describe))));
    }

    private static string Describe(SuggestedSession session) =>
        $"{TaskView.Ago(DateTime.UtcNow - session.Moment)}, in {session.Repository}: {session.Newest?.Trim().Split('\n')[0] ?? "no tasks"}";
}
