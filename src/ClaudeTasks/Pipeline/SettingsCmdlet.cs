using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets with which a user says how tasks run: of one task, or of all that are made from a template.</summary>
public abstract class SettingsCmdlet : EngineCmdlet
{
    /// <summary>
    /// The model, by a name that Claude Code knows, such as opus or sonnet. Without it the option Model counts, and without that what
    /// Claude Code itself would take.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>
    /// What Claude may do without asking, in Claude Code's own words. acceptEdits lets it change files in its folder and asks for most
    /// other things; default (and manual, its other name) asks for changes too; plan lets it read and plan alone; dontAsk denies what it
    /// would ask for; auto has Claude Code judge; bypassPermissions asks for nothing, so use it in a throw-away machine alone. Without it
    /// the option PermissionMode counts, which is acceptEdits unless it was set.
    /// </summary>
    [Parameter]
    [ValidateSet("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan")]
    public string? PermissionMode { get; set; }

    /// <summary>
    /// Tools Claude may use without asking, in Claude Code's own rule syntax, such as 'Bash(dotnet test *)'. A bare Write allows writing
    /// outside of the repository, too.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowedTool { get; set; }

    /// <summary>Tools that are not offered to Claude, in the same syntax.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? DisallowedTool { get; set; }

    /// <summary>Text to append to Claude Code's system prompt, up to 24,576 characters.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppendSystemPrompt { get; set; }

    /// <summary>
    /// Further flags of Claude Code, each one argument, such as --max-turns=20. Those that would break the protocol with it are refused,
    /// with the parameter to use instead. They are kept in the store as they are: no place for secrets.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AgentArgument { get; set; }

    /// <summary>
    /// Leaves out what Claude Code would take from the repository without asking: its settings, hooks, MCP servers, and CLAUDE.md. Your own
    /// settings stay.
    /// </summary>
    [Parameter]
    public SwitchParameter Isolated { get; set; }

    /// <summary>
    /// How long Claude may work in one go, an attempt or a further turn: seconds, or text such as 90s, 20m or 1h30m, from 1 second to 7
    /// days. Waiting for an answer does not count, and a warning comes at four fifths. Without it the option Timeout counts, which is 10
    /// minutes unless it was set.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// How long Claude may be silent while it works, in the same form. Without it the option StallTimeout counts, which is 7 minutes unless
    /// it was set.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>
    /// How long Claude Code may take to start, in the same form. Without it the option StartTimeout counts, which is 1 minute unless it was
    /// set.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? StartTimeout { get; set; }

    /// <summary>
    /// The task starts only while fewer than this many tasks run on the machine. Without it the option ThrottleLimit counts, which is 5
    /// unless it was set.
    /// </summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>
    /// Begins although there is uncommitted work, which is taken for the base: it stays as it is, and is no part of what the task changed.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowDirty { get; set; }

    /// <summary>
    /// Gives the task a work tree and a branch of its own. It begins at HEAD, without your uncommitted work, and runs beside other tasks of
    /// the repository.
    /// </summary>
    [Parameter]
    public SwitchParameter Worktree { get; set; }

    /// <summary>
    /// The folder in which that work tree is made; it must lie outside of the repository. Without it the option WorktreeFolder counts, and
    /// without that a folder beside the store.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorktreeFolder { get; set; }

    /// <summary>The gates the result must pass, by name. Without it all that are registered for the repository run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string[]? Gate { get; set; }

    /// <summary>Runs no gates. It outranks -Gate.</summary>
    [Parameter]
    public SwitchParameter NoGate { get; set; }

    /// <summary>Ends a round of gates at the first required one that fails.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>How often what failed goes back to Claude, in the same conversation: 0 to 20 times. Without it never.</summary>
    [Parameter]
    public int? RepairAttempt { get; set; }

    /// <summary>
    /// Commits a result that passed its gates with no person asked, and pushes nothing. Where no gate passed, the task waits for a
    /// decision, unless -AllowNoGate is given.
    /// </summary>
    [Parameter]
    public SwitchParameter AutoApprove { get; set; }

    /// <summary>Lets -AutoApprove commit a result that no gate has proved.</summary>
    [Parameter]
    public SwitchParameter AllowNoGate { get; set; }

    /// <summary>Which of the tasks that may start begins first. Without it Normal: in the order of submission.</summary>
    [Parameter]
    public ClaudeTaskPriority? Priority { get; set; }

    /// <summary>
    /// How often it is tried again after an overload, a network fault, a start that failed, or a stall: 0 to 20 times. Without it never.
    /// </summary>
    [Parameter]
    public int? Retry { get; set; }

    /// <summary>How long before the first further attempt, in the form of -Timeout; it doubles with each. Without it 30 seconds.</summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? RetryDelay { get; set; }

    /// <summary>Fails at a usage limit instead of waiting for its reset.</summary>
    [Parameter]
    public SwitchParameter FailAtUsageLimit { get; set; }

    /// <summary>
    /// What the task may cost, in US dollars, over all its attempts. It is checked before each of them and passed on to Claude Code.
    /// Without it the option MaxCost counts, and without that there is no limit.
    /// </summary>
    [Parameter]
    public decimal? MaxCost { get; set; }

    /// <summary>
    /// How long a question waits for an answer before it is denied, in the form of -Timeout. Without it the option QuestionTimeout counts,
    /// which is 10 minutes unless it was set.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    public TimeSpan? QuestionTimeout { get; set; }

    /// <summary>Returns what the user said, and nothing else: a switch that was not given says nothing, whereas <c>-AllowDirty:$false</c> does.</summary>
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
