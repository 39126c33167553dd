using System.Management.Automation;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets that decide on what tasks changed: which files, and what the user is asked before.</summary>
public abstract class DecidingCmdlet : TaskCmdlet
{
    /// <summary>Only files whose path in the repository matches; the rest stays for another decision.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["*"];

    /// <summary>Whether the user named this path.</summary>
    protected bool Matches(string path) => new PathPatterns(Path).Match(path);

    /// <summary>Asks before files are touched, naming each of them.</summary>
    protected bool ShouldDecide(int id, string action)
    {
        var files = Engine.GetOpenChanges(id).Where(new PathPatterns(Path).Match)
            .Select(change => TerminalText.OneLine(change.Path, 200));
        return ShouldProcess($"Task {id}: {string.Join(", ", files)}", action);
    }
}
