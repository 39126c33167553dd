using System.Management.Automation;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets with which a user says how tasks run: of one task, or of all that are made from a template.</summary>
public abstract class SettingsCmdlet : EngineCmdlet
{
    /// <summary>The model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>What Claude may do without asking.</summary>
    [Parameter]
    [ValidateSet("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan")]
    public string? PermissionMode { get; set; }

    /// <summary>Tools Claude may use without asking, in Claude Code's own rule syntax.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowedTool { get; set; }

    /// <summary>Tools that are not offered to Claude.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? DisallowedTool { get; set; }

    /// <summary>Text to append to the system prompt.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppendSystemPrompt { get; set; }

    /// <summary>Further flags of Claude Code, each one argument, such as <c>--max-turns=20</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AgentArgument { get; set; }

    /// <summary>
    /// Leaves out what Claude Code would take from the repository without asking: its settings, hooks, MCP servers, and CLAUDE.md.
    /// </summary>
    [Parameter]
    public SwitchParameter Isolated { get; set; }

    /// <summary>How long Claude may work.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long Claude may be silent.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>How long Claude Code may take to start.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? StartTimeout { get; set; }

    /// <summary>The task starts only while fewer than this many tasks run on the machine.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

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
    public int? RepairAttempt { get; set; }

    /// <summary>Commits a result that passed its gates, with no person asked.</summary>
    [Parameter]
    public SwitchParameter AutoApprove { get; set; }

    /// <summary>Lets -AutoApprove commit a result that no gate has proved.</summary>
    [Parameter]
    public SwitchParameter AllowNoGate { get; set; }

    /// <summary>Which of the tasks that may start begins first.</summary>
    [Parameter]
    public ClaudeTaskPriority? Priority { get; set; }

    /// <summary>How often it is tried again after an overload, a network fault, a start that failed, or a stall.</summary>
    [Parameter]
    public int? Retry { get; set; }

    /// <summary>How long before the first further attempt; it doubles with each.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? RetryDelay { get; set; }

    /// <summary>Fails at a usage limit instead of waiting for its reset.</summary>
    [Parameter]
    public SwitchParameter FailAtUsageLimit { get; set; }

    /// <summary>What the task may cost, in US dollars.</summary>
    [Parameter]
    public decimal? MaxCost { get; set; }

    /// <summary>How long a question waits for an answer before it is denied.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? QuestionTimeout { get; set; }

    /// <summary>What the user said, and nothing else.</summary>
    protected ClaudeTaskSettings Settings => new()
    {
        Model = Model,
        PermissionMode = PermissionMode,
        AllowedTool = AllowedTool,
        DisallowedTool = DisallowedTool,
        AppendSystemPrompt = AppendSystemPrompt,
        AgentArgument = AgentArgument,
        Isolated = IfSaid(nameof(Isolated), Isolated),
        Timeout = Timeout,
        StallTimeout = StallTimeout,
        StartTimeout = StartTimeout,
        ThrottleLimit = ThrottleLimit,
        AllowDirty = IfSaid(nameof(AllowDirty), AllowDirty),
        Worktree = IfSaid(nameof(Worktree), Worktree),
        WorktreeFolder = WorktreeFolder is null ? null : ResolvePath(WorktreeFolder),
        Gate = NoGate ? [] : Gate,
        FailFast = IfSaid(nameof(FailFast), FailFast),
        RepairAttempt = RepairAttempt,
        AutoApprove = IfSaid(nameof(AutoApprove), AutoApprove),
        AllowNoGate = IfSaid(nameof(AllowNoGate), AllowNoGate),
        MaxCost = MaxCost,
        Priority = Priority,
        Retry = Retry,
        RetryDelay = RetryDelay,
        FailAtUsageLimit = IfSaid(nameof(FailAtUsageLimit), FailAtUsageLimit),
        QuestionTimeout = QuestionTimeout,
    };

    /// <summary>A switch that was not given says nothing; <c>-AllowDirty:$false</c> does.</summary>
    private bool? IfSaid(string name, SwitchParameter value) => MyInvocation.BoundParameters.ContainsKey(name) ? value : null;
}
