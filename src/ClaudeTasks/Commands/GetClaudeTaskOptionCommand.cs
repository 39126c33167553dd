using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists the defaults of tasks and of the store, and where they come from.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskOption")]
[OutputType(typeof(ClaudeTaskOption))]
public sealed class GetClaudeTaskOptionCommand : EngineCmdlet
{
    /// <summary>Return only options with a matching name.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OptionNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            Try(name, () =>
            {
                var options = Engine.Settings.GetOptions();
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                var found = options.Where(option => pattern.IsMatch(option.Name.ToString())).ToList();
                if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                {
                    throw new ClaudeTaskException(
                        ClaudeTaskErrorId.InvalidArgument,
                        $"There is no option '{name}'.",
                        name,
                        $"The options are: {string.Join(", ", options.Select(option => option.Name))}.");
                }

                WriteObject(found, enumerateCollection: true);
            });
        }
    }
}
