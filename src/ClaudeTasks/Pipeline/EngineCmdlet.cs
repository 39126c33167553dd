using System.Management.Automation;
using System.Management.Automation.Host;
using ClaudeTasks.Engine;
using ClaudeTasks.Errors;
using ClaudeTasks.Jobs;
using ClaudeTasks.Model;
using ClaudeTasks.Notices;
using ClaudeTasks.Questions;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// The base of all cmdlets: the engine, a token that is cancelled on every way out, and errors from the catalogue. The pipeline's own
/// thread waits while the engine works on the thread pool.
/// </summary>
public abstract class EngineCmdlet : PSCmdlet, IDisposable
{
    private readonly Dictionary<(string Location, string Path), string> _resolved = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<int> _put = [];

    /// <summary>Cancelled by Ctrl+C, and when the pipeline ends for any other reason.</summary>
    protected CancellationToken PipelineStop => _stopping.Token;

    /// <summary>The engine of the user's store.</summary>
    protected ClaudeTaskEngine Engine { get; private set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Not disposed: an operation that still cleans up uses its token, and Ctrl+C may come at this moment.
        _stopping.Cancel();

        // A Wait-Job after an answer or a decision must not find the job in its old state.
        ClaudeTaskJobSourceAdapter.Refresh();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            Engine = Run(_ => Task.FromResult(Engines.Current));
            WriteVerbose($"The store is '{Engine.Store.Path}'.");
        }
        catch (ClaudeTaskException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>
    /// Runs an operation of the engine on the thread pool, and waits for its end or for the pipeline's stop. When the pipeline stops, the
    /// operation is cancelled, has a short time to clean up, and finishes without this cmdlet if that is not enough.
    /// </summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    protected T Run<T>(Func<CancellationToken, Task<T>> operation)
    {
        try
        {
            return Bridge.Run(operation, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Runs an operation in the same way, and shows its messages meanwhile.</summary>
    private protected T Run<T>(Func<CancellationToken, Action<string>, Task<T>> operation, Action<string> show)
    {
        try
        {
            return Bridge.Run(operation, show, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <inheritdoc cref="Run{T}(Func{CancellationToken, Task{T}})"/>
    protected void Run(Func<CancellationToken, Task> operation)
    {
        try
        {
            Bridge.Run(operation, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>
    /// Does one thing for one item: what goes wrong is a non-terminating error of that item, and the next one has its turn.
    /// </summary>
    /// <returns>Whether it went well.</returns>
    protected bool Try(object? target, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            action();
            return true;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (ClaudeTaskException e)
        {
            WriteError(ErrorRecords.From(e, target));
        }
        catch (WildcardPatternException e)
        {
            var fix = "Put a backquote before a bracket that is meant as it stands.";
            WriteError(ErrorRecords.From(new ClaudeTaskException(ClaudeTaskErrorId.InvalidArgument, e.Message, target, fix, e), target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            WriteError(ErrorRecords.From(e, target));
        }

        return false;
    }

    /// <summary>The names that a user gave; one empty name if there is none, so that <see cref="Require"/> refuses it.</summary>
    protected static string[] OrEmpty(string[]? names) => names is { Length: > 0 } ? names : [""];

    /// <exception cref="ClaudeTaskException">The name is empty.</exception>
    protected static void Require(string kind, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw InputErrors.NoneGiven(kind);
        }
    }

    /// <summary>Does one thing for each of the tasks that were named; what goes wrong with one leaves the others alone.</summary>
    protected void ForEachTask(IEnumerable<TaskReference> tasks, Action<int> action)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        foreach (var reference in tasks)
        {
            IReadOnlyList<int> ids = [];
            Try(reference, () => ids = Run(stop => reference.ResolveAsync(Engine, stop)));
            foreach (var id in ids)
            {
                Try(reference.Session is null ? reference : id, () => action(id));
            }
        }
    }

    /// <summary>Returns the question with this number.</summary>
    /// <exception cref="ClaudeTaskException">There is none, or no question was given.</exception>
    protected ClaudeTaskQuestion GetQuestion(int id) =>
        id == QuestionReferenceTransformationAttribute.None ? throw InputErrors.NoneGiven("question") : Engine.Questions.Get(id);

    /// <summary>Puts what a task asks to whoever sits at the terminal, each question once.</summary>
    /// <returns>Whether nothing of it is left open.</returns>
    protected bool PutQuestions(int task, Func<ClaudeTaskQuestion, bool> which)
    {
        var isDecided = false;
        foreach (var question in Engine.Questions.GetAll(task, all: false).Where(question => which(question) && _put.Add(question.Id)))
        {
            isDecided = Put(question);
        }

        return isDecided;
    }

    /// <summary>What tells the user of tasks, as the switch says, and where it was not given, the option.</summary>
    private protected TaskNotices CreateNotices(SwitchParameter notify, Action<string> write) =>
        new(MyInvocation.BoundParameters.ContainsKey("Notify") ? notify : Engine.Settings.Options.Notify == true, write);

    /// <summary>Warns, harmless for a terminal. Hides PowerShell's own, so that no cmdlet can do without.</summary>
    private protected new void WriteWarning(string text) => base.WriteWarning(TerminalText.Clean(text));

    /// <summary>Tells what the cmdlet does, for -Verbose, harmless for a terminal.</summary>
    private protected new void WriteVerbose(string text) => base.WriteVerbose(TerminalText.Clean(text));

    /// <summary>Asks the user, or says what would be done; both on one line and harmless for a terminal, like warnings.</summary>
    private protected new bool ShouldProcess(string target, string action) =>
        base.ShouldProcess(TerminalText.OneLine(target, int.MaxValue), TerminalText.OneLine(action, int.MaxValue));

    /// <summary>The progress bars; none in CI and where output is redirected. A host other than the console's decides for itself.</summary>
    private protected TaskBars CreateBars(bool isWanted = true) => new(Engine, isWanted ? CreateProgress() : null);

    /// <summary>Writes progress records; null where nobody sees them.</summary>
    private protected Action<ProgressRecord>? CreateProgress() => Host.Name != "ConsoleHost" || Terminal.ShowsOutput ? WriteProgress : null;

    private bool Put(ClaudeTaskQuestion question)
    {
        try
        {
            if (new QuestionPrompt(Host.UI, question).Show() is not { } answer)
            {
                return false;
            }

            Run(stop => Engine.Questions.AnswerAsync(question.Id, answer, ModuleWorker.Host, stop));
        }
        catch (ClaudeTaskException e)
        {
            // Somebody was quicker, most likely. The task goes on in any case, and so does whoever waits for it.
            WriteWarning(e.Message);
        }
        catch (Exception e) when (e is HostException or PSInvalidOperationException or NotImplementedException)
        {
            WriteWarning(
                $"Nobody can be asked here ({e.Message}). Question {question.Id} stays open: Resolve-ClaudeTaskQuestion {question.Id}");
            return false;
        }

        return true;
    }

    /// <summary>A path as the user means it: from PowerShell's location, with <c>~</c> and drives, wildcards taken as they stand.</summary>
    protected string ResolvePath(string path)
    {
        // PowerShell looks at the machine's drives each time, which thousands of piped objects would feel.
        var key = (SessionState.Path.CurrentLocation.Path, path);
        return _resolved.TryGetValue(key, out var known) ? known : _resolved[key] = GetUnresolvedProviderPathFromPSPath(path);
    }

    /// <summary>
    /// A bare name is looked for on PATH by whoever runs the program, never in the current folder, which may be a repository's.
    /// </summary>
    protected string ResolveProgram(string path) => path == System.IO.Path.GetFileName(path) ? path : ResolvePath(path);
}
