using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets that decide on what tasks changed: which files, and what the user is asked before.</summary>
public abstract class DecidingCmdlet : TaskCmdlet
{
    /// <summary>
    /// Decide on only these files; the rest stays for another decision. Pass paths in the repository with wildcards, folders, or paths from
    /// the current folder that begin with ./
    /// </summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["*"];

    /// <summary>
    /// Asks before files are touched, naming each of them; then decides, and writes the task and what there is to warn of.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="action">What is done with the files, for the question.</param>
    /// <param name="decide">Decides on the files that match, and calls its last argument with the name of each hook that runs.</param>
    protected void Decide(int id, string action, Func<Func<string, bool>, CancellationToken, Action<string>, Task<ClaudeTask>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        var changes = Engine.Changes.GetOpen(id);
        var patterns = FindPatterns(Path, id, changes);
        var files = string.Join(", ", changes.Where(patterns.Match).Select(change => TerminalText.OneLine(change.Path, 200)));
        if (!ShouldProcess($"Task {id}: {files}", action))
        {
            return;
        }

        var before = Warnings().Count();
        WriteVerbose($"{action}: task {id} ({files}).");
        using var hooks = new HookProgress(id, action, CreateProgress(), WriteVerbose);
        var decided = Run((stop, onHook) => decide(patterns.Match, stop, onHook), hooks.Show);
        WriteVerbose($"Task {id} is {decided.Status}{(decided.CommittedSha is { } commit ? $", committed as {commit}" : "")}.");
        WriteObject(decided);
        foreach (var warning in Warnings().Skip(before))
        {
            WriteWarning(warning.Text);
        }

        IEnumerable<ClaudeTaskEvent> Warnings() => Engine.Events.Read(id, [ClaudeTaskEventKind.Warning], PipelineStop);
    }
}
