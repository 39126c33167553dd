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
    /// <summary>The model, by a name that Claude Code knows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>
    /// What Claude may do without asking. acceptEdits unless it was set; Get-Help Start-ClaudeTask tells what each means.
    /// </summary>
    [Parameter]
    [ValidateSet("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan")]
    public string? PermissionMode { get; set; }

    /// <summary>
    /// How long Claude may work in one go: seconds, or text such as 90s, 20m or 1h30m, from 1 second to 7 days. 10 minutes unless it was
    /// set.
    /// </summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long Claude may be silent while it works, in the same form. 7 minutes unless it was set.</summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>How long Claude Code may take to start, in the same form. 1 minute unless it was set.</summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? StartTimeout { get; set; }

    /// <summary>How many tasks run at once on the machine. 5 unless it was set.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public int? ThrottleLimit { get; set; }

    /// <summary>The folder in which tasks get their own work trees. Beside the store unless it was set.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public string? WorktreeFolder { get; set; }

    /// <summary>What one task may cost, in US dollars. No limit unless it was set.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public decimal? MaxCost { get; set; }

    /// <summary>What all tasks of one day, in local time, may cost, in US dollars. No limit unless it was set.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public decimal? DailyCostLimit { get; set; }

    /// <summary>How long a question of Claude's waits for its answer, in the form of -Timeout. 10 minutes unless it was set.</summary>
    [Parameter]
    [TimeLimitTransformation]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public TimeSpan? QuestionTimeout { get; set; }

    /// <summary>
    /// Removes tasks that ended longer ago than this many days, with all that is recorded of them. A worker does it when it ends, once a
    /// day at most. Everything is kept unless it was set.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public int? RetainDays { get; set; }

    /// <summary>
    /// Removes the events of tasks that ended longer ago than this many days; the tasks, their diff and cost stay. Everything is kept
    /// unless it was set.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(OptionValueCompleter))]
    public int? RetainEventDays { get; set; }

    /// <summary>
    /// Watch-, Wait- and Invoke-ClaudeTask tell you through the terminal when a task ended or needs you, without being asked to each time;
    /// -Notify:$false ends it. They do not unless it was set.
    /// </summary>
    [Parameter]
    public SwitchParameter Notify { get; set; }

    /// <summary>Takes these options back to their default.</summary>
    [Parameter]
    public ClaudeTaskOptionName[] Reset { get; set; } = [];

    /// <summary>Writes the options that were set.</summary>
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
                    ClaudeTaskErrorId.InvalidArgument, $"The option {name} is both set and taken back.", name, $"Leave out -{name}, or take it out of -Reset.");
            }
        }

        if (values.Count == 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument, "No option was given to set.", null, "Name one, such as -Timeout 20m. Get-ClaudeTaskOption lists them.");
        }

        foreach (var (name, value) in values.ToList())
        {
            if (!ShouldProcess($"Option {name}", value is null ? "Take back to its default" : $"Set to {TerminalText.OneLine(value.ToString(), 200)}"))
            {
                values.Remove(name);
            }
        }

        Engine.SetOptions(values);
        if (PassThru)
        {
            WriteObject(Engine.GetOptions().Where(option => values.ContainsKey(option.Name)), enumerateCollection: true);
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
