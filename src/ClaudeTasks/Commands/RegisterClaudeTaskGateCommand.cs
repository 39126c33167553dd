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
    /// <summary>Name the gate. A gate with the same name and repository is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string Name { get; set; } = "";

    /// <summary>
    /// Run this command line in the platform's shell: /bin/sh, or cmd on Windows. While it runs, every local user can see it in the
    /// process list.
    /// </summary>
    [Parameter(ParameterSetName = "Command", Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    /// <summary>Run this program or PowerShell script file without a shell. A bare name is searched for on PATH only.</summary>
    [Parameter(ParameterSetName = "Program", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>
    /// Pass these arguments to the program, one element per argument. While it runs, every local user can see them in the process list.
    /// </summary>
    [Parameter(ParameterSetName = "Program")]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>
    /// Run this PowerShell code in a separate pwsh. It fails at the first error, when it exits with a number other than 0, and when its
    /// last value is such a number or $false. Otherwise, the exit code of the last program counts.
    /// </summary>
    [Parameter(ParameterSetName = "Script", Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Register the gate for the repository that contains this folder. By default, it is for all repositories.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>Run the gates in the order of this number, then by name.</summary>
    [Parameter]
    public int Order { get; set; }

    /// <summary>
    /// Stop the gate after this time, as failed: a number of seconds, or text such as 90s or 20m, from 1 second to 7 days.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan Timeout { get; set; } = ClaudeTaskGate.DefaultTimeout;

    /// <summary>Run it in this folder, relative to the root of the task's working tree. By default, that root.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingFolder { get; set; }

    /// <summary>Add these environment variables. They are stored as plain text: don't put secrets in them.</summary>
    [Parameter]
    public Hashtable Environment { get; set; } = [];

    /// <summary>Only show a failure. The task can be approved in spite of it.</summary>
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
                "Program" =>
                    FilePath.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) ? ResolvePath(FilePath) : ResolveProgram(FilePath),
                "Script" => ScriptBlock.ToString(),
                _ => Command,
            },
            Arguments = ArgumentList,
            Order = Order,
            Timeout = Timeout,
            WorkingFolder = WorkingFolder,
            Environment = Environment.Cast<DictionaryEntry>().ToDictionary(
                item => Convert.ToString(item.Key, CultureInfo.InvariantCulture)!,
                item => Convert.ToString(item.Value, CultureInfo.InvariantCulture) ?? ""),
            IsRequired = !Optional,
        };
        if (ShouldProcess($"{TerminalText.OneLine(Name, 60)}: {TerminalText.OneLine(gate.Command, 200)}", "Register gate"))
        {
            WriteObject(Run(stop => Engine.Gates.RegisterAsync(gate, stop)));
        }
    });
}
