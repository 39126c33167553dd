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
    /// Describe what Claude should do. The prompt is sent as text: a / or @file in it is taken literally. Piped objects pass their Prompt
    /// property.
    /// </summary>
    [Parameter(
        ParameterSetName = PromptSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PromptTransformation]
    [AllowEmptyString]
    public string Prompt { get; set; } = "";

    /// <summary>Make the prompt from this template. Other parameters override the template.</summary>
    [Parameter(ParameterSetName = "Template", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string Template { get; set; } = "";

    /// <summary>Pass the values for the template's placeholders, by name. Each piped table makes a task.</summary>
    [Parameter(ParameterSetName = "Template", ValueFromPipeline = true)]
    [ValidateNotNull]
    public IDictionary Value { get; set; } = new Hashtable();

    /// <summary>
    /// Pass a folder in the repository. The default is the repository of the task that -Continue names, otherwise the current location.
    /// Wildcards are taken literally.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>
    /// Name the session of the task. A session that does not exist is made. The default is this PowerShell session's own session.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public string? Session { get; set; }

    /// <summary>
    /// Use this Claude Code program. The default is the environment variable CLAUDE_CODE_PATH, then claude on PATH, then the usual folders
    /// of its installers.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClaudePath { get; set; }

    /// <summary>Run the task inside this PowerShell session, and end with it, instead of in a worker that outlives it.</summary>
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
                _submission ??= Engine.Tasks.Submit(InProcess ? ModuleWorker.InProcess : ModuleWorker.Host);
                task = Run(stop => _submission.AddAsync(request, stop));
                WriteVerbose(
                    $"Task {task.Id} runs in '{task.Repository}'. "
                        + $"{(_submission.StartedWorker ? "Started" : "Reused")} worker {_submission.Worker} for it.");
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
        var folder = Repository is null && continues is { } first ? Engine.Tasks.Get(first).Repository : ResolvePath(Repository ?? ".");
        var session = Session ?? ModuleWorker.OwnSession;
        var request = ParameterSetName == PromptSet
            ? Engine.Settings.CreateRequest(Prompt, folder, session, Settings)
            : Engine.Settings.CreateRequest(Template, ReadValues(), folder, session, Settings);
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
            values[LanguagePrimitives.ConvertTo<string>(item.Key)] = item.Value is null
                ? null
                : LanguagePrimitives.ConvertTo<string>(item.Value);
        }

        return values;
    }
}
