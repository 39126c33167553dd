using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Registers a prompt with places to fill in, and how its tasks run.</summary>
[Cmdlet(VerbsLifecycle.Register, "ClaudeTaskTemplate", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskTemplate))]
public sealed class RegisterClaudeTaskTemplateCommand : SettingsCmdlet
{
    /// <summary>Name the template. A template with the same name is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string Name { get; set; } = "";

    /// <summary>
    /// Describe what Claude should do, with <c>{{Issue}}</c> where the value Issue goes; <c>{{{{</c> is <c>{{</c> itself.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string Prompt { get; set; } = "";

    /// <summary>Describe the purpose of the template.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Description { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Name, () =>
    {
        if (ShouldProcess($"{TerminalText.OneLine(Name, 60)}: {TerminalText.OneLine(Prompt, 200)}", "Register template"))
        {
            WriteObject(Engine.Settings.RegisterTemplate(
                new ClaudeTaskTemplate(Settings) { Name = Name, Prompt = Prompt, Description = Description }));
        }
    });
}
