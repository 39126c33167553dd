using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets with which a user says how tasks run: of one task, or of all that are made from a template.</summary>
public abstract class SettingsCmdlet : EngineCmdlet
{
    /// <summary>
    /// Use this model, by a name that Claude Code knows, such as opus or sonnet. The default is the option Model, then Claude Code's own
    /// default.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>
    /// Set what Claude may do without asking, in Claude Code's own words. acceptEdits lets it change files in its folder and asks for most
    /// other things; default (and manual, its other name) asks for changes, too; plan lets it only read and plan; dontAsk denies everything
    /// that it would ask for; auto lets Claude Code judge; bypassPermissions asks for nothing, so use it only on a throw-away machine. The
    /// default is the option PermissionMode, then acceptEdits.
    /// </summary>
    [Parameter]
    [ValidateSet("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan")]
    public string? PermissionMode { get; set; }

    /// <summary>
    /// Allow these tools without asking, in Claude Code's own rule syntax, such as 'Bash(dotnet test *)'. A bare Write allows writing
    /// outside of the repository, too.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowedTool { get; set; }

    /// <summary>Do not offer these tools to Claude, in the same syntax.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? DisallowedTool { get; set; }

    /// <summary>
    /// Append this text to Claude Code's system prompt, up to 24,576 characters. Claude Code gets it over a pipe, so the process list does
    /// not show it.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppendSystemPrompt { get; set; }

    /// <summary>
    /// Pass additional Claude Code arguments, one element per argument, such as --max-turns=20. Arguments that would break the protocol are
    /// refused, with the parameter to use instead. They are stored as plain text, and every local user can see them in the process list:
    /// don't put secrets in them.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AgentArgument { get; set; }

    /// <summary>
    /// Let Claude Code, gates and commit hooks inherit these environment variables of a CI service, such as GITHUB_TOKEN. By default, they
    /// don't inherit the service's tokens and command files: about_ClaudeTasks_Security lists them. All other variables are inherited.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? InheritVariable { get; set; }

    /// <summary>
    /// Ignore the settings, hooks, MCP servers, skills, agents and instructions of the repository and the folders above it, which Claude
    /// Code would use without asking. Your own settings apply.
    /// </summary>
    [Parameter]
    public SwitchParameter Isolated { get; set; }

    /// <summary>
    /// Stop Claude after this time in one attempt or turn: a number of seconds, or text such as 90s, 20m or 1h30m, from 1 second to 7 days.
    /// Waiting for an answer does not count, and a warning comes at 80 %. The default is the option Timeout, then 10 minutes.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Stop Claude after this time of silence, in the same form. The default is the option StallTimeout, then 7 minutes.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>
    /// Give Claude Code this much time to start, in the same form. The default is the option StartTimeout, then 1 minute.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? StartTimeout { get; set; }

    /// <summary>
    /// Start the task only while fewer than this many tasks run on the machine. The default is the option ThrottleLimit, then 5.
    /// </summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>
    /// Start the task although there is uncommitted work. That work becomes part of the base: it stays as it is and is not part of the
    /// task's changes.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowDirty { get; set; }

    /// <summary>
    /// Run the task in a linked worktree with a branch of its own. It begins at HEAD, without your uncommitted work, and runs beside other
    /// tasks of the repository.
    /// </summary>
    [Parameter]
    public SwitchParameter Worktree { get; set; }

    /// <summary>
    /// Make that worktree in this folder, which must be outside of the repository. The default is the option WorktreeFolder, then a folder
    /// beside the store, where only you can open it.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorktreeFolder { get; set; }

    /// <summary>Run only these gates on the result. By default, all gates that are registered for the repository run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string[]? Gate { get; set; }

    /// <summary>Run no gates. It overrides -Gate.</summary>
    [Parameter]
    public SwitchParameter NoGate { get; set; }

    /// <summary>Stop a round of gates at the first required gate that fails.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>Ask Claude to fix failed gates up to this often, in the same conversation: 0 to 20 times. The default is 0.</summary>
    [Parameter]
    public int? RepairAttempt { get; set; }

    /// <summary>
    /// Commit a result that passed its gates without asking you. Nothing is pushed. If no gate ran, the task waits for a decision, unless
    /// you add -AllowNoGate.
    /// </summary>
    [Parameter]
    public SwitchParameter AutoApprove { get; set; }

    /// <summary>Let -AutoApprove commit a result that no gate has checked.</summary>
    [Parameter]
    public SwitchParameter AllowNoGate { get; set; }

    /// <summary>
    /// Let Claude, the gates and what they start approve and deny tasks, answer questions, and change gates, rules, options and templates.
    /// Without this switch, such commands are refused inside the task.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowDecisions { get; set; }

    /// <summary>
    /// Start the task before others that may start, or after them. The default is Normal. Equal priorities start in the order of
    /// submission.
    /// </summary>
    [Parameter]
    public ClaudeTaskPriority? Priority { get; set; }

    /// <summary>
    /// Retry up to this often after an overload, a network fault, a failed start or a stall: 0 to 20 times. The default is 0.
    /// </summary>
    [Parameter]
    public int? Retry { get; set; }

    /// <summary>
    /// Wait this long before the first retry, in the form of -Timeout. The delay doubles with each retry. The default is 30 seconds.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? RetryDelay { get; set; }

    /// <summary>Fail at a usage limit instead of waiting for its reset.</summary>
    [Parameter]
    public SwitchParameter FailAtUsageLimit { get; set; }

    /// <summary>
    /// Limit the cost of the task, in US dollars, over all its attempts. The limit is checked before each attempt and passed on to Claude
    /// Code. The default is the option MaxCost, then no limit.
    /// </summary>
    [Parameter]
    public decimal? MaxCost { get; set; }

    /// <summary>
    /// Deny a question after this time without an answer, in the form of -Timeout. The default is the option QuestionTimeout, then 10
    /// minutes.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? QuestionTimeout { get; set; }

    /// <summary>
    /// Returns what the user said, and nothing else: a switch that was not given says nothing, whereas <c>-AllowDirty:$false</c> does.
    /// </summary>
    protected ClaudeTaskSettings Settings
    {
        get
        {
            var settings = ClaudeTaskSettings.Of(MyInvocation.BoundParameters.ToDictionary(item => item.Key, item => Plain(item.Value)));
            return settings with
            {
                WorktreeFolder = WorktreeFolder is null ? null : ResolvePath(WorktreeFolder),
                Gate = NoGate ? [] : settings.Gate,
            };
        }
    }

    private static object Plain(object value) => value is SwitchParameter flag ? flag.ToBool() : value;
}
