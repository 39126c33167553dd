using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClaudeTasks.Engine;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Completion;

/// <summary>
/// The base of completers that know the store. They only read, make no store, and never fail: where something is wrong, they know nothing.
/// </summary>
internal abstract class StoreCompleter : IArgumentCompleter
{
    /// <summary>As many as a user still looks through.</summary>
    private protected const int Most = 50;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Complete(new CompletionRequest(parameterName, wordToComplete, fakeBoundParameters), value => value);

    /// <summary>Completes a word with values that are written as the parameter takes them.</summary>
    internal IEnumerable<CompletionResult> Complete(CompletionRequest request, Func<string, string> write)
    {
        try
        {
            // Resolved here: only this thread has a runspace.
            var repository = request.Repository;
            using var store = Bridge.Run(stop => ClaudeTaskSuggestions.TryOpenAsync(repository, stop), CancellationToken.None);
            return [.. Suggest(store, request).Where(IsHarmless).Take(Most).Select(suggestion => new CompletionResult(
                request.Word.Quote(write(suggestion.Value)),
                TerminalText.OneLine(suggestion.Label ?? suggestion.Value, 60),
                CompletionResultType.ParameterValue,
                Describe(suggestion)))];
        }
        catch (Exception)
        {
            // A key that was pressed for help must not answer with an error; the command itself will tell what is wrong.
            return [];
        }
    }

    /// <summary>What the user may mean, the likeliest first.</summary>
    /// <param name="store">The store; null where there is none.</param>
    /// <param name="request">What is being completed.</param>
    private protected abstract IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request);

    /// <summary>Those whose value begins with the word; where none does, those that have it anywhere.</summary>
    private protected static IEnumerable<Suggestion> Matching(CompletionRequest request, IEnumerable<Suggestion> suggestions)
    {
        var all = suggestions.DistinctBy(suggestion => suggestion.Value).ToList();
        var found = all.FindAll(suggestion => request.Word.Begins(suggestion.Value));
        return found.Count > 0 ? found : all.FindAll(suggestion => request.Word.IsIn(suggestion.Value));
    }

    /// <summary>What a terminal would act on, or show as something else, is not put into a user's command line.</summary>
    private static bool IsHarmless(Suggestion suggestion) =>
        suggestion.Value.Length > 0
        && TerminalText.Clean(suggestion.Value) == suggestion.Value
        && suggestion.Value.AsSpan().IndexOfAny('\n', '\t') < 0;

    private static string Describe(Suggestion suggestion)
    {
        var lines = suggestion.Description.Split('\n')
            .Select(line => TerminalText.OneLine(line, 300))
            .Where(line => line.Length > 0)
            .Take(4);
        return string.Join('\n', lines.DefaultIfEmpty(TerminalText.OneLine(suggestion.Value, 300)));
    }
}
