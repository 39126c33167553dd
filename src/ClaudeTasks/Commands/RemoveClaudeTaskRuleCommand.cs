using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Removes standing answers, so that Claude's requests are asked again.</summary>
[Cmdlet(VerbsCommon.Remove, "ClaudeTaskRule", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveClaudeTaskRuleCommand : EngineCmdlet
{
    /// <summary>Pass rule numbers.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RuleCompleter))]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in Id)
        {
            if (ShouldProcess($"Rule {id}", "Remove"))
            {
                Try(id, () => Engine.Questions.RemoveRule(id));
            }
        }
    }
}
