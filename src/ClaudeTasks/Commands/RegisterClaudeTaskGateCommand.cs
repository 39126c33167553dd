using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Registers a check that every result in a repository must pass.</summary>
[Cmdlet(VerbsLifecycle.Register, "ClaudeTaskGate", SupportsShouldProcess = true, DefaultParameterSetName = "Command")]
[OutputType(typeof(ClaudeTaskGate))]
public sealed class RegisterClaudeTaskGateCommand : EngineCmdlet
{
    /// <summary>The gate's name. A gate of that name in the same place is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string Name { get; set; } = "";

    /// <summary>A command line, which the platform's shell runs as it is written: /bin/sh, or cmd on Windows.</summary>
    [Parameter(ParameterSetName = "Command", Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    /// <summary>
    /// A program, or a PowerShell script file, which is run with no shell. A program's bare name is looked for on PATH alone.
    /// </summary>
    [Parameter(ParameterSetName = "Program", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>The arguments of that program, each as it is.</summary>
    [Parameter(ParameterSetName = "Program")]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>
    /// PowerShell code, run in a pwsh of its own. It fails at the first error, when it exits with a number other than 0, and when it ends with
    /// one or with $false; where it ends with something else, the exit code of the last program counts.
    /// </summary>
    [Parameter(ParameterSetName = "Script", Mandatory = true)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>A folder in the repository it is for; without it the gate is for all repositories.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>Gates run by this number, then by name.</summary>
    [Parameter]
    public int Order { get; set; }

    /// <summary>
    /// How long it may run: seconds, or text such as 90s or 20m, from 1 second to 7 days. Then it is ended and has failed.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan Timeout { get; set; } = ClaudeTaskGate.DefaultTimeout;

    /// <summary>The folder it runs in, from the root of the task's work tree. Without it that root.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingFolder { get; set; }

    /// <summary>Additions to its environment, by name. They are kept in the store as they are: no place for secrets.</summary>
    [Parameter]
    public Hashtable Environment { get; set; } = [];

    /// <summary>Its failure is shown and holds nothing back.</summary>
    [Parameter]
    public SwitchParameter Optional { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Name, () =>
    {
        var gate = new ClaudeTaskGate
        {
            Name = Name,
            Repository = Repository is null ? null : ResolvePath(Repository),
            Kind = ParameterSetName switch
            {
                "Program" => ClaudeTaskGateKind.Program,
                "Script" => ClaudeTaskGateKind.Script,
                _ => ClaudeTaskGateKind.CommandLine,
            },
            Command = ParameterSetName switch
            {
                // A script is no program that PATH could have: by its bare name it would be looked for in the task's repository.
                "Program" => FilePath.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) ? ResolvePath(FilePath) : ResolveProgram(FilePath),
                "Script" => ScriptBlock.ToString(),
                _ => Command,
            },
            Arguments = ArgumentList,
            Order = Order,
            Timeout = Timeout,
            WorkingFolder = WorkingFolder,
            Environment = Environment.Cast<DictionaryEntry>().ToDictionary(
                item => Convert.ToString(item.Key, CultureInfo.InvariantCulture)!, item => Convert.ToString(item.Value, CultureInfo.InvariantCulture) ?? ""),
            IsRequired = !Optional,
        };
        if (ShouldProcess($"{TerminalText.OneLine(Name, 60)}: {TerminalText.OneLine(gate.Command, 200)}", "Register gate"))
        {
            WriteObject(Engine.RegisterGate(gate));
        }
    });
}
