using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Sums up tasks: how many, how they ended, how long, at what cost.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ClaudeTask")]
[OutputType(typeof(ClaudeTaskMeasure))]
public sealed class MeasureClaudeTaskCommand : EngineCmdlet
{
    /// <summary>
    /// Measure only tasks that began at this moment or later: a DateTime, a number of days ago, or text such as 12h, today or '2026-12-01
    /// 08:00'.
    /// </summary>
    [Parameter]
    [Alias("Since")]
    [MomentTransformation]
    public DateTime? After { get; set; }

    /// <summary>Measure only tasks that began before this moment, in the same form.</summary>
    [Parameter]
    [Alias("Until")]
    [MomentTransformation]
    public DateTime? Before { get; set; }

    /// <summary>Use only tasks of the repository that contains this folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>Use only tasks of sessions with a matching name.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PatternOf<SessionCompleter>))]
    public string? Session { get; set; }

    /// <summary>Return one object per group instead of one for all tasks. Days are in local time.</summary>
    [Parameter]
    public ClaudeTaskGrouping GroupBy { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(Repository ?? Session, () =>
    {
        SessionSearch.Check(Engine, Session);
        var query = new TaskQuery { Repository = Repository is null ? null : ResolvePath(Repository), Session = Session };
        WriteObject(Run(stop => Engine.Statistics.MeasureAsync(GroupBy, query, After, Before, stop)), enumerateCollection: true);
    });
}
