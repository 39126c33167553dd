using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists the registered templates.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskTemplate")]
[OutputType(typeof(ClaudeTaskTemplate))]
public sealed class GetClaudeTaskTemplateCommand : EngineCmdlet
{
    /// <summary>Return only templates with a matching name.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PatternOf<TemplateCompleter>))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(null, () =>
    {
        var patterns = Array.ConvertAll(Name, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        WriteObject(
            Engine.Settings.GetTemplates().Where(template => patterns.Any(pattern => pattern.IsMatch(template.Name))),
            enumerateCollection: true);
    });
}
