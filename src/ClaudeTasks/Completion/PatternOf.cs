using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ClaudeTasks.Completion;

/// <summary>
/// Completes a parameter that takes wildcards: a name that has such characters itself is written so that it means itself.
/// </summary>
/// <typeparam name="T">What knows the names.</typeparam>
internal sealed class PatternOf<T> : IArgumentCompleter
    where T : StoreCompleter, new()
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        new T().Complete(new CompletionRequest(parameterName, wordToComplete, fakeBoundParameters), WildcardPattern.Escape);
}
