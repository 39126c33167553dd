using System.Collections;
using System.Management.Automation;

namespace ClaudeTasks.Completion;

/// <summary>What is being completed, and what else the user has typed of the command.</summary>
internal sealed class CompletionRequest(string parameter, string? word, IDictionary? bound)
{
    /// <summary>The parameter's name.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>The word so far.</summary>
    public CompletionWord Word { get; } = new(word);

    /// <summary>The folder that was given as -Repository, as the command will understand it; null without one.</summary>
    public string? Repository =>
        Bound("Repository") is { } folder ? CurrentLocation.Resolve(LanguagePrimitives.ConvertTo<string>(folder)) : null;

    /// <summary>The value of another parameter, as far as it is known without running anything; null without one.</summary>
    public object? Bound(string name) => bound?[name] is PSObject { BaseObject: var value } ? value : bound?[name];
}
