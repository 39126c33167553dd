using System.Management.Automation;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Shows what tasks changed, file by file, or as a patch for git apply.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskDiff", DefaultParameterSetName = "Change")]
[OutputType(typeof(ClaudeTaskChange), ParameterSetName = ["Change", "Stat"])]
[OutputType(typeof(string), ParameterSetName = ["Raw"])]
public sealed class GetClaudeTaskDiffCommand : TaskCmdlet
{
    /// <summary>
    /// Show only these files: paths in the repository with wildcards, folders, or paths from the current folder that begin with ./
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["*"];

    /// <summary>
    /// Show the changes of the task, the uncommitted changes before it (Before), or the changes that others made during the task and since
    /// (Meanwhile).
    /// </summary>
    [Parameter]
    public ClaudeTaskChangeSource Source { get; set; }

    /// <summary>Show one line per file with its counts instead of the hunks. The objects are the same.</summary>
    [Parameter(ParameterSetName = "Stat", Mandatory = true)]
    public SwitchParameter Stat { get; set; }

    /// <summary>Return the patch as one string per task. A file that is not UTF-8 is a binary patch in it, so that it survives.</summary>
    [Parameter(ParameterSetName = "Raw", Mandatory = true)]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var changes = Run(stop => Engine.Changes.GetAsync(id, Source, withPatches: !Raw || Source != ClaudeTaskChangeSource.Task, stop));
        var patterns = FindPatterns(Path, id, changes);
        if (Raw)
        {
            var patch = Source == ClaudeTaskChangeSource.Task
                ? Encoding.UTF8.GetString(Engine.Changes.GetPatch(id, patterns.Match))
                : string.Concat(changes.Where(patterns.Match).Select(change => change.Patch));
            if (patch.Length > 0)
            {
                WriteObject(patch);
            }

            return;
        }

        foreach (var change in changes.Where(patterns.Match))
        {
            var item = PSObject.AsPSObject(change);
            if (Stat)
            {
                item.TypeNames.Insert(0, typeof(ClaudeTaskChange).FullName + "#Stat");
            }

            WriteObject(item);
        }
    }
}
