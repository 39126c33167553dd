using System.Collections;
using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets that submit prompts: what can be said of a task, and where it runs.</summary>
public abstract partial class SubmittingCmdlet : SettingsCmdlet
{
    /// <summary>The parameter set of a prompt that is given as it is.</summary>
    protected const string PromptSet = "Prompt";

    private TaskSubmission? _submission;

    /// <summary>
    /// What Claude shall do. It is sent as text: a / or @file in it means itself. Objects that are piped give their Prompt property.
    /// </summary>
    [Parameter(ParameterSetName = PromptSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PromptTransformation]
    [AllowEmptyString]
    public string Prompt { get; set; } = "";

    /// <summary>The template the prompt is made from. Whatever else is given outranks what the template says of it.</summary>
    [Parameter(ParameterSetName = "Template", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string Template { get; set; } = "";

    /// <summary>The values for the template's places, by name. Each table that is piped makes a task.</summary>
    [Parameter(ParameterSetName = "Template", ValueFromPipeline = true)]
    [ValidateNotNull]
    public IDictionary Value { get; set; } = new Hashtable();

    /// <summary>
    /// A folder in the repository. Without it the repository of the task that -Continue names, else the current location. Wildcards are
    /// taken as they stand.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>
    /// The name of the session the task belongs to. One that does not exist is made. Without it this PowerShell session's own.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public string? Session { get; set; }

    /// <summary>
    /// The Claude Code program. Without it CLAUDE_CODE_PATH in the environment, else claude on PATH, else the usual places of its
    /// installers.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClaudePath { get; set; }

    /// <summary>Runs the task inside this PowerShell session, with which it ends, instead of in a worker that outlives it.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Submits what is bound now. Null under <c>-WhatIf</c>, and after an error that was written.</summary>
    protected ClaudeTask? Submit()
    {
        ClaudeTask? task = null;
        Try(Repository ?? (ParameterSetName == PromptSet ? Prompt : Template), () =>
        {
            var request = CreateRequest();
            if (ShouldProcess(TerminalText.OneLine(request.Repository, 200), $"Start task '{TerminalText.OneLine(request.Prompt, 80)}'"))
            {
                _submission ??= Engine.Submit(InProcess ? ModuleWorker.InProcess : ModuleWorker.Host);
                task = _submission.Add(request);
                if (_submission.Warning is { } warning)
                {
                    WriteWarning(warning);
                }
            }
        });
        return task;
    }

    private ClaudeTaskRequest CreateRequest()
    {
        var continues = Continued;
        var folder = Repository is null && continues is { } first ? Engine.Get(first).Repository : ResolvePath(Repository ?? ".");
        var session = Session ?? ModuleWorker.OwnSession;
        var request = ParameterSetName == PromptSet
            ? Engine.CreateRequest(Prompt, folder, session, Settings)
            : Engine.CreateRequest(Template, ReadValues(), folder, session, Settings);
        return request with
        {
            Continues = continues,
            Start = StartCondition,
            OnQuestion = OnQuestion?.Policy ?? (Terminal.HasSomebody ? QuestionPolicy.Ask : QuestionPolicy.Deny),
            QuestionScript = OnQuestion?.Script,
            ClaudePath = ClaudePath is null ? null : ResolveProgram(ClaudePath),
        };
    }

    private Dictionary<string, string?> ReadValues()
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry item in Value)
        {
            values[LanguagePrimitives.ConvertTo<string>(item.Key)] = item.Value is null ? null : LanguagePrimitives.ConvertTo<string>(item.Value);
        }

        return values;
    }
}
