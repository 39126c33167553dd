using ClaudeTasks.Model;

namespace ClaudeTasks.Git;

/// <summary>A changed file as people see it, and what git's machine formats take of it.</summary>
/// <param name="Change">What is known of it before its patch is.</param>
/// <param name="OldRawPath">Where it was, or would have been, before: one character for each byte.</param>
/// <param name="NewRawPath">Where it is.</param>
/// <param name="Old">What was there.</param>
/// <param name="New">What is there.</param>
internal sealed record DiffEntry(ClaudeTaskChange Change, string OldRawPath, string NewRawPath, TreeEntry Old, TreeEntry New)
{
    /// <summary>git writes a change of type as a removal and an addition.</summary>
    public int Sections => Change.Kind == ClaudeTaskChangeKind.TypeChanged ? 2 : 1;

    /// <summary>The objects of its content; a submodule's commit is in another repository.</summary>
    public IEnumerable<string> Blobs => new[] { Old, New }.Where(entry => entry.HasContent).Select(entry => entry.Id);
}
