using System.Management.Automation;
using System.Text;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Commands;

/// <summary>What tasks changed: one object a file, or the whole patch as text that <c>git apply</c> takes.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskDiff", DefaultParameterSetName = "Change")]
[OutputType(typeof(ClaudeTaskChange), ParameterSetName = ["Change", "Stat"])]
[OutputType(typeof(string), ParameterSetName = ["Raw"])]
public sealed class GetClaudeTaskDiffCommand : TaskCmdlet
{
    /// <summary>Only files whose path in the repository matches.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["*"];

    /// <summary>Shows a line a file with its counts instead of the hunks; the objects are the same.</summary>
    [Parameter(ParameterSetName = "Stat", Mandatory = true)]
    public SwitchParameter Stat { get; set; }

    /// <summary>Writes the patch as one string.</summary>
    [Parameter(ParameterSetName = "Raw", Mandatory = true)]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(int id)
    {
        if (Raw && Path is ["*"])
        {
            WritePatch(Encoding.UTF8.GetString(Engine.GetPatch(id)));
            return;
        }

        var patterns = Path.Select(path => WildcardPattern.Get(path.Replace('\\', '/'), WildcardOptions.IgnoreCase)).ToArray();
        var changes = Engine.GetChanges(id)
            .Where(change => patterns.Any(pattern => pattern.IsMatch(change.Path) || (change.OldPath is { } old && pattern.IsMatch(old))));
        if (Raw)
        {
            WritePatch(string.Concat(changes.Select(change => change.Patch)));
            return;
        }

        foreach (var change in changes)
        {
            var item = PSObject.AsPSObject(change);
            if (Stat)
            {
                item.TypeNames.Insert(0, typeof(ClaudeTaskChange).FullName + "#Stat");
            }

            WriteObject(item);
        }
    }

    private void WritePatch(string patch)
    {
        if (patch.Length > 0)
        {
            WriteObject(patch);
        }
    }
}
