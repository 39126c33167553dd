using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Sets defaults of tasks and of the store.</summary>
[Cmdlet(VerbsCommon.Set, "ClaudeTaskOption", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskOption))]
public sealed class SetClaudeTaskOptionCommand : EngineCmdlet
{
    /// <summary>Use this model, by a name that Claude Code knows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Set what Claude may do without asking. The default is acceptEdits. Get-Help Start-ClaudeTask explains each mode.</summary>
    [Parameter]
    [ValidateSet("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan")]
    public string? PermissionMode { get; set; }

    /// <summary>
    /// Stop Claude after this time in one attempt or turn: a number of seconds, or text such as 90s, 20m or 1h30m, from 1 second to 7 days.
    /// The default is 10 minutes.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Stop Claude after this time of silence, in the same form. The default is 7 minutes.</summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>Give Claude Code this much time to start, in the same form. The default is 1 minute.</summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? StartTimeout { get; set; }

    /// <summary>Run at most this many tasks at once on the machine. The default is 5.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public int? ThrottleLimit { get; set; }

    /// <summary>Make the worktrees of tasks in this folder. The default is a folder beside the store.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public string? WorktreeFolder { get; set; }

    /// <summary>Limit the cost of one task, in US dollars. By default, there is no limit.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public decimal? MaxCost { get; set; }

    /// <summary>Limit the cost of all tasks of one day, in local time, in US dollars. By default, there is no limit.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public decimal? DailyCostLimit { get; set; }

    /// <summary>
    /// Deny a question of Claude's after this time without an answer, in the form of -Timeout. The default is 10 minutes.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? QuestionTimeout { get; set; }

    /// <summary>
    /// End the commit of an approval, with your Git hooks, after this time, in the form of -Timeout. The default is 10 minutes.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? HookTimeout { get; set; }

    /// <summary>
    /// Remove tasks, including their records, this many days after their end. A worker does it when it ends, at most once a day. By
    /// default, everything is kept.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public int? RetainDays { get; set; }

    /// <summary>
    /// Remove the events of tasks this many days after their end. The tasks, their diffs and costs are kept. By default, everything is
    /// kept.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public int? RetainEventDays { get; set; }

    /// <summary>
    /// Let Watch-, Wait- and Invoke-ClaudeTask notify you through the terminal when a task ends or needs you. -Notify:$false turns it off,
    /// which is the default.
    /// </summary>
    [Parameter]
    public SwitchParameter Notify { get; set; }

    /// <summary>Return these options to their defaults.</summary>
    [Parameter]
    public ClaudeTaskOptionName[] Reset { get; set; } = [];

    /// <summary>Return the options that were set.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () =>
    {
        var values = Given();
        foreach (var name in Reset)
        {
            if (!values.TryAdd(name, null))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.InvalidArgument,
                    $"The option {name} is both set and reset.",
                    name,
                    $"Leave out -{name}, or remove it from -Reset.");
            }
        }

        if (values.Count == 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument,
                "No option was given.",
                null,
                "Pass one, such as -Timeout 20m. Get-ClaudeTaskOption lists them.");
        }

        foreach (var (name, value) in values.ToList())
        {
            if (!ShouldProcess(
                $"Option {name}", value is null ? "Return to the default" : $"Set to {TerminalText.OneLine(value.ToString(), 200)}"))
            {
                values.Remove(name);
            }
        }

        Engine.Settings.SetOptions(values);
        if (PassThru)
        {
            WriteObject(Engine.Settings.GetOptions().Where(option => values.ContainsKey(option.Name)), enumerateCollection: true);
        }
    });

    private Dictionary<ClaudeTaskOptionName, object?> Given()
    {
        var values = new Dictionary<ClaudeTaskOptionName, object?>();
        foreach (var (name, value) in MyInvocation.BoundParameters)
        {
            if (Enum.TryParse<ClaudeTaskOptionName>(name, out var option) && value is not null)
            {
                values[option] = value is SwitchParameter flag ? flag.ToBool()
                    : option == ClaudeTaskOptionName.WorktreeFolder ? ResolvePath($"{value}")
                    : value;
            }
        }

        return values;
    }
}
