using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Unregisters templates. Tasks that were made from them are kept.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "ClaudeTaskTemplate", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UnregisterClaudeTaskTemplateCommand : EngineCmdlet
{
    /// <summary>Pass the template's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Name, () =>
    {
        if (ShouldProcess(TerminalText.OneLine(Name, 60), "Unregister template"))
        {
            Engine.Settings.UnregisterTemplate(Name);
        }
    });
}
