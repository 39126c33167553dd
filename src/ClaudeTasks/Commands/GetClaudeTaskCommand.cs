using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists tasks: the timeline, or the tasks that are named.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTask", DefaultParameterSetName = "Query", SupportsPaging = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class GetClaudeTaskCommand : EngineCmdlet
{
    /// <summary>Pass task numbers, GUIDs or task objects. A session stands for all of its tasks.</summary>
    [Parameter(ParameterSetName = "Task", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "TaskId", "InputObject")]
    [TaskReferenceTransformation]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[] Task { get; set; } = [];

    /// <summary>Use only tasks of the repository that contains this folder.</summary>
    [Parameter(ParameterSetName = "Query")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>Use only tasks of sessions with a matching name.</summary>
    [Parameter(ParameterSetName = "Query")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PatternOf<SessionCompleter>))]
    public string? Session { get; set; }

    /// <summary>Return only tasks with these statuses.</summary>
    [Parameter(ParameterSetName = "Query")]
    public ClaudeTaskStatus[] Status { get; set; } = [];

    /// <summary>Return only tasks whose whole prompt matches: 'Fix*', '*timeout*'.</summary>
    [Parameter(ParameterSetName = "Query")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Prompt { get; set; }

    /// <summary>
    /// Return only tasks created at or after this moment: a DateTime, a number of days ago, or text such as 12h, today or '2026-12-01
    /// 08:00'.
    /// </summary>
    [Parameter(ParameterSetName = "Query")]
    [MomentTransformation]
    public DateTime? After { get; set; }

    /// <summary>Return only tasks created before this moment, in the same form.</summary>
    [Parameter(ParameterSetName = "Query")]
    [MomentTransformation]
    public DateTime? Before { get; set; }

    /// <summary>Return only this many of the newest matches.</summary>
    [Parameter(ParameterSetName = "Query")]
    [ValidateRange(1, int.MaxValue)]
    public int? Newest { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Try(null, Engine.Recover);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Task")
        {
            ForEachTask(Task, id => WriteObject(Engine.Tasks.Get(id)));
            return;
        }

        Try(Repository ?? Session, () =>
        {
            SessionSearch.Check(Engine, Session);
            var query = new TaskQuery
            {
                Repository = Repository is null ? null : ResolvePath(Repository),
                Session = Session,
                Status = Status,
                Prompt = Prompt,
                After = After,
                Before = Before,
                Newest = Newest,
                Skip = (long)Math.Min(PagingParameters.Skip, long.MaxValue),
                First = PagingParameters.First == ulong.MaxValue ? null : (long)Math.Min(PagingParameters.First, long.MaxValue),
            };
            if (PagingParameters.IncludeTotalCount)
            {
                WriteObject(PagingParameters.NewTotalCount((ulong)Run(stop => Engine.Tasks.CountAsync(query, stop)), accuracy: 1));
            }

            foreach (var task in Run(stop => Engine.Tasks.QueryAsync(query, stop)))
            {
                PipelineStop.ThrowIfCancellationRequested();
                WriteObject(task);
            }
        });
    }
}
