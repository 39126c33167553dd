using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Timeline;

namespace ClaudeTasks.Commands;

/// <summary>Shows a full-screen live view of tasks, with keys to decide on them.</summary>
[Cmdlet(VerbsCommon.Watch, "ClaudeTask", DefaultParameterSetName = "Session")]
[OutputType(typeof(void))]
public sealed class WatchClaudeTaskCommand : EngineCmdlet
{
    private const int Most = 200;

    private readonly List<int> _tasks = [];

    /// <summary>Pass task numbers, GUIDs or task objects. A session stands for all of its tasks.</summary>
    [Parameter(ParameterSetName = "Task", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "TaskId", "InputObject")]
    [TaskReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[] Task { get; set; } = [];

    /// <summary>
    /// Show the newest tasks of sessions with a matching name, including new ones. By default, of this PowerShell session's own session.
    /// </summary>
    [Parameter(ParameterSetName = "Session")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PatternOf<SessionCompleter>))]
    public string? Session { get; set; }

    /// <summary>Show the newest tasks of all sessions, including new ones.</summary>
    [Parameter(ParameterSetName = "All", Mandatory = true)]
    public SwitchParameter All { get; set; }

    /// <summary>
    /// Notify you through the terminal when a task ends or needs you: with a notification if the terminal supports them, otherwise with a
    /// bell. By default, the option Notify decides.
    /// </summary>
    [Parameter]
    public SwitchParameter Notify { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (!Terminal.HasSomebody || !Terminal.ShowsOutput || Host.Name is not ("ConsoleHost" or "Visual Studio Code Host"))
        {
            ThrowTerminatingError(ErrorRecords.From(new ClaudeTaskException(
                ClaudeTaskErrorId.TerminalRequired,
                "Watch-ClaudeTask needs an interactive terminal, but input or output is redirected, or the session is not interactive.",
                MyInvocation.MyCommand.Name,
                "Follow tasks line by line instead: Receive-ClaudeTask -Follow")));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachTask(Task, id => _tasks.Add(Engine.Tasks.Get(id).Id));

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () =>
    {
        if (ParameterSetName == "Task" && _tasks.Count == 0)
        {
            return;
        }

        SessionSearch.Check(Engine, Session);
        Engine.Recover();
        using var screen = new TimelineScreen(Palette.Of(SessionState.PSVariable.GetValue("PSStyle")));
        var source = new TimelineSource(Engine, Read, CreateNotices(Notify, screen.Write));
        new TimelineLoop(Engine, CreateModel(), source, screen).Run(PipelineStop);
    });

    private IEnumerable<ClaudeTask> Read() => ParameterSetName == "Task"
        ? Engine.Tasks.GetAll(_tasks)
        : Run(stop => Engine.Tasks.QueryAsync(
            new TaskQuery { Session = All ? null : Session ?? ModuleWorker.OwnSession, Newest = Most }, stop));

    private TimelineModel CreateModel() => ParameterSetName switch
    {
        "Task" => new TimelineModel("Claude tasks", "The tasks were removed."),
        "All" => new TimelineModel($"All Claude tasks (the newest {Most})", "There is no task yet."),
        _ => new TimelineModel(
            $"Session {Session ?? ModuleWorker.OwnSession}",
            "There is no task in this session yet. Watch-ClaudeTask -All shows the tasks of all sessions."),
    };
}
