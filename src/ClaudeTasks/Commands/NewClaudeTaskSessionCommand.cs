using System.Management.Automation;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>Makes a session, to which Start-ClaudeTask -Session adds tasks. A task that names a session which does not exist makes it too.</summary>
[Cmdlet(VerbsCommon.New, "ClaudeTaskSession", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskSession))]
public sealed class NewClaudeTaskSessionCommand : EngineCmdlet
{
    /// <summary>The session's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>A folder in the repository; the current location by default. Wildcards are taken as they stand.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Repository { get; set; } = ".";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Name, () =>
    {
        var folder = ResolvePath(Repository);
        if (ShouldProcess(TerminalText.OneLine(folder, 200), $"Make session '{TerminalText.OneLine(Name, 80)}'"))
        {
            WriteObject(Engine.CreateSession(Name, folder));
        }
    });
}
