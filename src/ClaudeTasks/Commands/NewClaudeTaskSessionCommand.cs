using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Makes a named session in a repository, for tasks to come.</summary>
[Cmdlet(VerbsCommon.New, "ClaudeTaskSession", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskSession))]
public sealed class NewClaudeTaskSessionCommand : EngineCmdlet
{
    /// <summary>Name the session, with 1 to 200 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Pass a folder in the repository. Wildcards are taken literally.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string Repository { get; set; } = ".";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Name, () =>
    {
        var folder = ResolvePath(Repository);
        if (ShouldProcess(TerminalText.OneLine(folder, 200), $"Make session '{TerminalText.OneLine(Name, 80)}'"))
        {
            WriteObject(Run(stop => Engine.Sessions.CreateAsync(Name, folder, stop)));
        }
    });
}
