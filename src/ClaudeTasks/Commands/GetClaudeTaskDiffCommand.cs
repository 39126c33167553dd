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
    /// Only these files: paths in the repository with wildcards, folders, or paths from the current folder that begin with ./
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["*"];

    /// <summary>
    /// Whose changes: the task's, what was uncommitted before it (Before), or what others did meanwhile and since (Meanwhile).
    /// </summary>
    [Parameter]
    public ClaudeTaskChangeSource Source { get; set; }

    /// <summary>Shows a line a file with its counts instead of the hunks; the objects are the same.</summary>
    [Parameter(ParameterSetName = "Stat", Mandatory = true)]
    public SwitchParameter Stat { get; set; }

    /// <summary>
    /// Writes the patch as one string for each task. A file that is not UTF-8 stands in it as a binary patch, so that it survives.
    /// </summary>
    [Parameter(ParameterSetName = "Raw", Mandatory = true)]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        var changes = Engine.GetChanges(id, Source, withPatches: !Raw || Source != ClaudeTaskChangeSource.Task);
        var patterns = FindPatterns(Path, id, changes);
        if (Raw)
        {
            var patch = Source == ClaudeTaskChangeSource.Task
                ? Encoding.UTF8.GetString(Engine.GetPatch(id, patterns.Match))
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
