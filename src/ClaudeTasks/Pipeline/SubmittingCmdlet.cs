using System.Management.Automation;
using ClaudeTasks.Execution;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets that submit prompts: what can be said of a task, and where it runs.</summary>
public abstract partial class SubmittingCmdlet : EngineCmdlet
{
    private TaskSubmission? _submission;

    /// <summary>What Claude shall do.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PromptTransformation]
    [AllowEmptyString]
    public string Prompt { get; set; } = "";

    /// <summary>A folder in the repository; the current location by default. Wildcards are taken as they stand.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>The session's name; by default this PowerShell session's own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Session { get; set; }

    /// <summary>The model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>What Claude may do without asking.</summary>
    [Parameter]
    [ValidateSet("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan")]
    public string PermissionMode { get; set; } = "acceptEdits";

    /// <summary>Tools Claude may use without asking, in Claude Code's own rule syntax.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AllowedTool { get; set; } = [];

    /// <summary>Tools that are not offered to Claude.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DisallowedTool { get; set; } = [];

    /// <summary>Text to append to the system prompt.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppendSystemPrompt { get; set; }

    /// <summary>Further flags of Claude Code, each one argument, such as <c>--max-turns=20</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AgentArgument { get; set; } = [];

    /// <summary>How long Claude may work.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan Timeout { get; set; } = AgentSettings.DefaultTimeout;

    /// <summary>How long Claude may be silent.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan StallTimeout { get; set; } = AgentSettings.DefaultStallTimeout;

    /// <summary>How long Claude Code may take to start.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan StartTimeout { get; set; } = AgentSettings.DefaultStartTimeout;

    /// <summary>The task starts only while fewer than this many tasks run on the machine.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = ClaudeTaskRequest.DefaultThrottleLimit;

    /// <summary>Takes uncommitted work for the base: it stays, and is no part of what the task changed.</summary>
    [Parameter]
    public SwitchParameter AllowDirty { get; set; }

    /// <summary>Gives the task a work tree and a branch of its own: it begins at HEAD and runs beside others in the repository.</summary>
    [Parameter]
    public SwitchParameter Worktree { get; set; }

    /// <summary>The folder in which that work tree is made; by default one beside the store.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorktreeFolder { get; set; }

    /// <summary>The gates the result must pass; by default all that are registered for the repository.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Gate { get; set; }

    /// <summary>Runs no gates.</summary>
    [Parameter]
    public SwitchParameter NoGate { get; set; }

    /// <summary>Ends a round of gates at the first required one that fails.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>How often what failed goes back to Claude, in the same conversation.</summary>
    [Parameter]
    public int RepairAttempt { get; set; }

    /// <summary>Commits a result that passed its gates, with no person asked.</summary>
    [Parameter]
    public SwitchParameter AutoApprove { get; set; }

    /// <summary>Lets -AutoApprove commit a result that no gate has proved.</summary>
    [Parameter]
    public SwitchParameter AllowNoGate { get; set; }

    /// <summary>The Claude Code program.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClaudePath { get; set; }

    /// <summary>Runs the task inside this session, with which it ends.</summary>
    [Parameter]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Submits the prompt that is bound now. Null under <c>-WhatIf</c>, and after an error that was written.</summary>
    protected ClaudeTask? Submit()
    {
        ClaudeTask? task = null;
        Try(Repository ?? Prompt, () =>
        {
            var continues = Continued;
            var folder = Repository is null && continues is { } first ? Engine.Get(first).Repository : ResolvePath(Repository ?? ".");
            if (ShouldProcess(TerminalText.OneLine(folder, 200), $"Start task '{TerminalText.OneLine(Prompt, 80)}'"))
            {
                _submission ??= Engine.Submit(InProcess ? ModuleWorker.InProcess : ModuleWorker.Host);
                task = _submission.Add(new ClaudeTaskRequest
                {
                    Prompt = Prompt,
                    Repository = folder,
                    Session = Session ?? ModuleWorker.OwnSession,
                    ThrottleLimit = ThrottleLimit,
                    Priority = Priority,
                    Start = StartCondition,
                    Continuation = Continuation,
                    Continues = continues,
                    AllowDirty = AllowDirty,
                    Quality = new QualitySettings
                    {
                        Gates = NoGate ? [] : Gate,
                        FailFast = FailFast,
                        RepairAttempts = RepairAttempt,
                        AutoApprove = AutoApprove,
                        AllowNoGate = AllowNoGate,
                    },
                    Worktree = Worktree,
                    WorktreeFolder = WorktreeFolder is null ? null : ResolvePath(WorktreeFolder),
                    Agent = new AgentSettings
                    {
                        Model = Model,
                        PermissionMode = PermissionMode,
                        AllowedTools = AllowedTool,
                        DisallowedTools = DisallowedTool,
                        AppendSystemPrompt = AppendSystemPrompt,
                        Arguments = AgentArgument,
                        ClaudePath = ClaudePath is null ? null : ResolveProgram(ClaudePath),
                        MaxCostUsd = MaxCost,
                        Timeout = Timeout,
                        StallTimeout = StallTimeout,
                        StartTimeout = StartTimeout,
                    },
                });
            }
        });
        return task;
    }
}
