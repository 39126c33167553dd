using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Renames sessions; their tasks stay in them.</summary>
[Cmdlet(VerbsCommon.Set, "ClaudeTaskSession", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskSession))]
public sealed class SetClaudeTaskSessionCommand : SessionCmdlet
{
    /// <summary>Use this new name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    /// <summary>Return the renamed sessions.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessSession(SessionReference session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!ShouldProcess(Describe(session), $"Rename to '{TerminalText.OneLine(NewName, 80)}'"))
        {
            return;
        }

        var renamed = Run(stop => Engine.Sessions.RenameAsync(session.Name, session.Repository, NewName, stop));
        if (PassThru)
        {
            WriteObject(renamed);
        }
    }
}
