using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets that decide on what tasks changed: which files, and what the user is asked before.</summary>
public abstract class DecidingCmdlet : TaskCmdlet
{
    private readonly List<ClaudeTaskChange> _changes = [];
    private Func<int, Func<string, bool>> _select = _ => _ => true;

    /// <summary>
    /// Decide on only these files; the rest stays for another decision. Pass paths in the repository with wildcards, folders, or paths from
    /// the current folder that begin with ./ Of changes that are piped from Get-ClaudeTaskDiff, exactly these are decided, those of one
    /// task together.
    /// </summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var change in Task.Select(reference => reference.Change).OfType<ClaudeTaskChange>())
        {
            Try(change, () => _changes.Add(change.Source == ClaudeTaskChangeSource.Task ? change : throw NotTheTasks(change)));
        }

        _select = id => FindPatterns(Path, id, Engine.Changes.GetOpen(id)).Match;
        ForEachTask(Task.Where(reference => reference.Change is null), ProcessTask);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var changes in _changes.GroupBy(change => change.Task))
        {
            var paths = changes.Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
            _select = _ => paths.Contains;
            ForEachTask([new TaskReference(changes.Key)], ProcessTask);
        }
    }

    private static ClaudeTaskException NotTheTasks(ClaudeTaskChange change) => new(
        ClaudeTaskErrorId.InvalidArgument,
        $"Task {change.Task} did not change '{change.Path}', so there is nothing to decide on.",
        change,
        $"Pass changes of the task: Get-ClaudeTaskDiff {change.Task}");

    /// <summary>
    /// Asks before files are touched, naming each of them; then decides, and writes the task and what there is to warn of.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="action">What is done with the files, for the question.</param>
    /// <param name="decide">Decides on the files that match, and calls its last argument with the name of each hook that runs.</param>
    protected void Decide(int id, string action, Func<Func<string, bool>, CancellationToken, Action<string>, Task<ClaudeTask>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        var matches = _select(id);
        var changes = Engine.Changes.SelectOpen(id, matches);
        var files = Names(changes);
        if (changes.Where(change => !matches(change.Path) && !(change.OldPath is { } old && matches(old))).ToList() is { Count: > 0 } added)
        {
            files += $" (also {Names(added)}: a file and the folder in its place cannot both exist, so they are decided together)";
        }

        if (!ShouldProcess($"Task {id}: {files}", action))
        {
            return;
        }

        var before = Warnings().Count();
        WriteVerbose($"{action}: task {id}: {files}.");
        using var hooks = new HookProgress(id, action, CreateProgress(), WriteVerbose);
        var decided = Run((stop, onHook) => decide(matches, stop, onHook), hooks.Show);
        WriteVerbose($"Task {id} is {decided.Status}{(decided.CommittedSha is { } commit ? $", committed as {commit}" : "")}.");
        WriteObject(decided);
        foreach (var warning in Warnings().Skip(before))
        {
            WriteWarning(warning.Text);
        }

        IEnumerable<ClaudeTaskEvent> Warnings() => Engine.Events.Read(id, [ClaudeTaskEventKind.Warning], PipelineStop);
        static string Names(IEnumerable<ClaudeTaskChange> changes) =>
            string.Join(", ", changes.Select(change => TerminalText.OneLine(change.Path, 200)));
    }
}
