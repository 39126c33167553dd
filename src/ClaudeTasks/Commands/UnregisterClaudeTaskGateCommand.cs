using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Unregisters gates. Their results are kept.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "ClaudeTaskGate", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UnregisterClaudeTaskGateCommand : EngineCmdlet
{
    /// <summary>Pass the gate's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Unregister the gate of the repository that contains this folder. By default, the gate for all repositories.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>A gate that is piped may be for all repositories; an empty name that is typed is a mistake.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Repository is "")
        {
            ThrowTerminatingError(ErrorRecords.From(new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument,
                "-Repository is empty.",
                Repository,
                "Omit it to unregister the gate for all repositories.")));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Name, () =>
    {
        Require("gate", Name);
        var repository = string.IsNullOrEmpty(Repository) ? null : ResolvePath(Repository);
        if (ShouldProcess($"{TerminalText.OneLine(Name, 60)} ({repository ?? "all repositories"})", "Unregister gate"))
        {
            Run(stop => Engine.Gates.UnregisterAsync(Name, repository, stop));
        }
    });
}
