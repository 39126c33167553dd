using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClaudeTasks.Engine;

namespace ClaudeTasks.Completion;

/// <summary>The repositories that the store knows, the one used last first, then folders.</summary>
internal sealed class RepositoryCompleter : IArgumentCompleter
{
    private readonly Known _known = new();

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var known = _known.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);
        return [.. known.Concat(Folders(wordToComplete)).DistinctBy(result => result.CompletionText)];
    }

    private static List<CompletionResult> Folders(string word)
    {
        try
        {
            return [.. CompletionCompleters.CompleteFilename(word)
                .Where(result => result.ResultType == CompletionResultType.ProviderContainer)];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>By the whole path, or by the name of the folder.</summary>
    private sealed class Known : StoreCompleter
    {
        private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request)
        {
            var start = request.Word.Text.StartsWith('~') ? CurrentLocation.Resolve(request.Word.Text) : null;
            return (store?.GetRepositories() ?? [])
                .Where(folder => request.Word.Begins(folder)
                    || request.Word.Begins(Path.GetFileName(folder))
                    || (start is not null && folder.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
                .Select(folder => new Suggestion(folder, $"Repository {folder}", Path.GetFileName(folder)));
        }
    }
}
