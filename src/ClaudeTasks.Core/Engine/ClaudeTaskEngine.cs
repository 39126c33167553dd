using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>
/// The engine's front door: everything that a front end can do with tasks, by topic. The store is the only channel to the workers, so any
/// number of engines in any number of processes see the same tasks. Thread-safe.
/// </summary>
public sealed class ClaudeTaskEngine : IDisposable
{
    private readonly EngineContext _context;

    private ClaudeTaskEngine(EngineContext context)
    {
        _context = context;
        Store = new TaskStore(context);
        Tasks = new TaskList(context);
        Events = new TaskEvents(context);
        Changes = new TaskChanges(context);
        Decisions = new TaskDecisions(context);
        Gates = new TaskGates(context);
        Conversations = new TaskConversations(context, Gates);
        Questions = new TaskQuestions(context, Conversations);
        Sessions = new TaskSessions(context);
        Settings = new EngineSettings(context);
        Statistics = new TaskStatistics(context);
        Reports = new TaskReports(context, Events, Changes, Gates);
    }

    /// <summary>
    /// The host of the worker that replaces a lost one whose tasks wait for their moment. Without it, those tasks wait for a person to
    /// resume them.
    /// </summary>
    public Func<WorkerHost>? ReplacementHost
    {
        get => _context.ReplacementHost;
        set => _context.ReplacementHost = value;
    }

    /// <summary>The store's file.</summary>
    public TaskStore Store { get; }

    /// <summary>Submits, reads, stops and removes tasks.</summary>
    public TaskList Tasks { get; }

    /// <summary>Reads and follows the history of tasks.</summary>
    public TaskEvents Events { get; }

    /// <summary>Reads the changes that tasks made.</summary>
    public TaskChanges Changes { get; }

    /// <summary>Approves and rejects changes, and undoes that.</summary>
    public TaskDecisions Decisions { get; }

    /// <summary>Registers and runs gates, and reads their results.</summary>
    public TaskGates Gates { get; }

    /// <summary>Sends messages to tasks, and suspends, resumes and restarts them.</summary>
    public TaskConversations Conversations { get; }

    /// <summary>Reads and answers the questions that agents ask, and reads and removes the standing rules.</summary>
    public TaskQuestions Questions { get; }

    /// <summary>Creates, renames, lists and removes sessions.</summary>
    public TaskSessions Sessions { get; }

    /// <summary>Reads and sets options and templates, and creates requests with them.</summary>
    public EngineSettings Settings { get; }

    /// <summary>Sums up and estimates what tasks take and cost.</summary>
    public TaskStatistics Statistics { get; }

    /// <summary>Collects reports.</summary>
    public TaskReports Reports { get; }

    /// <summary>Opens the user's store, and creates it if there is none.</summary>
    /// <exception cref="ClaudeTaskException">The store cannot be used; the error says why.</exception>
    public static ClaudeTaskEngine Open() => new(new EngineContext(StoreLocation.Prepare()));

    /// <summary>Runs a worker's tasks in this process and returns when they have ended.</summary>
    /// <param name="worker">The worker's ID.</param>
    /// <param name="script">Runs the users' code that decides questions; null where nothing can.</param>
    public static async Task RunWorkerAsync(Guid worker, IQuestionScript? script = null)
    {
        var termination = WorkerProcess.Enter();
        using var engine = Open();
        await WorkerProcess.RunAsync(engine._context.Database, engine._context.Location, worker, script, termination).ConfigureAwait(false);
    }

    /// <summary>
    /// Marks the tasks of dead workers as lost, and starts their recovery and that of interrupted decisions in the background.
    /// </summary>
    public void Recover() => _context.Recovery.Look();

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();
}
