using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>The changes of a task that are not decided yet.</summary>
internal static class OpenChanges
{
    /// <summary>Reads the recorded changes of a task that no decision names, without their patches.</summary>
    public static List<ClaudeTaskChange> Read(Database database, int task) => database.Read(connection =>
    {
        var decided = DecisionTable.Read(connection, task).SelectMany(decision => decision.Paths)
            .Select(path => TreeDiff.Decode(Encoding.Latin1.GetBytes(path))).ToHashSet(StringComparer.Ordinal);
        return ChangeTable.Read(connection, task)
            .Where(change => change.Source == ClaudeTaskChangeSource.Task && !decided.Contains(change.Path)).ToList();
    });
}
